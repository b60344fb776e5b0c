"""The workflows that come with Postroom; a plug-in brings its own through the entry point `postroom.workflows`."""

from __future__ import annotations

from workflows.credit_notes import credit_notes
from workflows.invitations import invitations
from workflows.invoices import invoices
from workflows.orders import orders
from workflows.proposals import proposals
from workflows.requests import requests

SHIPPED = (invitations, orders, invoices, credit_notes, requests, proposals)
