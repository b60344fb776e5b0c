"""The signed pages: what a link in a mail opens, and the home page of who signed in."""
