"""The signed pages as one application: what a link opens, what a signed-in person sees, and how the process is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as AnyHTTPException

from inbound.web import layouts_page, link_pages, rules_page, session_pages, triage_pages, users_page
from inbound.web.guard import LIMITS, Guard, Limits
from inbound.web.view import problem, problem_page
from store.installation import Installation
from templates.environment import ROOM

if TYPE_CHECKING:
    from inbound.web.hooks.taking import Hooks

log = structlog.get_logger()

STYLES = ("style.css", "signed.css")


def create_app(installation: Installation, limits: Limits = LIMITS, hooks: Hooks | None = None) -> FastAPI:
    """The pages of *installation*, to be served behind `base_url`; the server must write no access log of its own,
    because paths carry tokens. *hooks* are the ways in by HTTP.
    """
    app = FastAPI(title="Postroom", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.installation = installation
    app.state.limits = limits
    app.add_middleware(Guard, problem=problem_page, limits=limits, hook=hooks.largest if hooks else 0)
    app.include_router(link_pages.router)
    app.include_router(session_pages.router)
    app.include_router(rules_page.router)
    app.include_router(layouts_page.router)
    app.include_router(triage_pages.router)
    app.include_router(users_page.router)
    if hooks is not None:
        from inbound.web.hooks.routes import Endpoints

        app.include_router(Endpoints(hooks).router)
    _add_own_pages(app, installation)

    @app.exception_handler(AnyHTTPException)
    def _told(_request: Request, error: AnyHTTPException) -> Response:
        return problem(error.status_code)

    @app.exception_handler(RequestValidationError)
    def _unreadable(_request: Request, _error: RequestValidationError) -> Response:
        return problem(400)

    return app


def _add_own_pages(app: FastAPI, installation: Installation) -> None:
    @app.api_route("/style/{name}", methods=["GET", "HEAD"])
    def style(name: str) -> Response:
        """A stylesheet of the pages."""
        if name not in STYLES:
            raise HTTPException(404)
        words = (ROOM / "pages" / name).read_bytes()
        return Response(words, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})

    @app.api_route("/robots.txt", methods=["GET", "HEAD"])
    def robots() -> Response:
        """Nothing here is for search engines."""
        return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def alive() -> Response:
        """Whether the process answers."""
        return JSONResponse({"status": "ok"})

    @app.api_route("/readyz", methods=["GET", "HEAD"])
    def ready() -> Response:
        """Whether it can do its work: 503 while the database is away."""
        try:
            installation.database.ping()
        except SQLAlchemyError as error:
            log.warning("not_ready", error=type(error).__name__)
            return JSONResponse({"status": "database away"}, 503)
        return JSONResponse({"status": "ok"})

    @app.api_route("/metrics", methods=["GET", "HEAD"])
    def metrics() -> Response:
        """The figures of this process, for Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
