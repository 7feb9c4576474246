"""Every operation of the SMS API that the simulator has."""

from starlette.routing import Route

from listrak_simulator.sms_api import import_routes, reading_routes, sender_code_routes, writing_routes

routes: list[Route] = [
    *writing_routes.routes,
    *reading_routes.routes,
    *sender_code_routes.routes,
    *import_routes.routes,
]
