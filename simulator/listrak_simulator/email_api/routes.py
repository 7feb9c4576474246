"""Every operation of the Email API that the simulator has."""

from starlette.routing import Route

from listrak_simulator.email_api import contact_routes, import_routes, list_routes, profile_field_routes

routes: list[Route] = [
    *list_routes.routes,
    *contact_routes.routes,
    *profile_field_routes.routes,
    *import_routes.routes,
]
