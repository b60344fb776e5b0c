"""HTML becomes lines, and its markup says whose they are."""

import pytest

from inbound.html_text import html_as_text
from inbound.said import split


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Yes</p><p>no</p>", "Yes\n\nno"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<table><tr><td>1</td><td>Bolt</td><td></td><td>11.50</td></tr></table>", "1 Bolt 11.50"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("8&times;11&euro; &lt;b&gt;", "8×11€ <b>"),
        ("<pre>one\n  two</pre>", "one\n  two"),
        ("<div style='display:none'>preheader</div><style>p{}</style><script>x</script>Yes", "Yes"),
        ("said<blockquote>quoted</blockquote>", "said\n\n> quoted"),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    """Blocks, cells, lists and entities come out as a reader sees them; what is hidden does not."""
    assert html_as_text(html) == text


OPENING = "On Tue, 3 Mar 2026, Orders &lt;o@b.example&gt; wrote:"


@pytest.mark.parametrize(
    "html",
    [
        f"<div>Yes</div><div><div class='gmail_attr'>{OPENING}</div><blockquote>x</blockquote></div>",
        "<div>Yes</div><hr><div id='divRplyFwdMsg'><b>Fra:</b> A<br><b>Sendt:</b> tirsdag</div><div>x</div>",
        "<p>Yes</p><div style='border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm'><p>Y: A</p></div>x",
        f"Yes<blockquote type='cite'><div>{OPENING}</div><div>x</div></blockquote>",
        f"<div>Yes</div><div class='ydp2yahoo_quoted'><div>{OPENING}</div><div>x</div></div>",
        f"<p>Yes</p><div class='moz-cite-prefix'>{OPENING}</div><blockquote type='cite'>x</blockquote>",
    ],
)
def test_the_markup_of_each_mail_program_tells_the_quote(html: str) -> None:
    """Gmail, Outlook on the web and on the desk, Apple Mail, Yahoo, Thunderbird."""
    assert split("", html).said == "Yes"


def test_a_gmail_forward_is_forwarded_to_its_end() -> None:
    """Only the header of a forwarded message is marked; its text belongs to it all the same."""
    html = "see<div class='gmail_attr'>---------- Forwarded message ---------<br>From: Eve</div>approve it"
    parts = split("", html)
    assert (parts.said, parts.quoted) == ("see", "")
    assert parts.forwarded.endswith("approve it")


@pytest.mark.parametrize(
    "html", ["<div>" * 50_000 + "x", "<blockquote>" * 40_000 + "x", "<div " + "a='b' " * 50_000 + ">x", "<p>x" * 50_000]
)
@pytest.mark.timeout(20)
def test_hostile_html_is_read_in_little_time(html: str) -> None:
    """Deep and wide pages cost time in proportion and keep their words."""
    assert "x" in split("", html).said
