"""ContactImport: start one and follow it."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, bodies, errors, journal
from listrak_simulator.email_api.import_upload import receive_upload
from listrak_simulator.operations import path_id
from listrak_simulator.simulator import import_horizon, simulator_of
from listrak_simulator.sms_api.import_request import ImportRequest
from listrak_simulator.sms_api.import_work import ContactFileImport
from listrak_simulator.sms_api.operation import SENDER_CODE, not_located, operation, sender_code_of

_IMPORTS = f"{SENDER_CODE}/ContactImport"


async def create_import(request: Request) -> Response:
    sender_code = sender_code_of(request)
    simulator = simulator_of(request)
    settings, fields = simulator.settings, simulator.sms.fields
    upload = await receive_upload(bodies.chunks(request, settings.body_limit_bytes))
    journal.note_body(request, upload.document)
    if upload.file is None:
        raise errors.invalid_parameter("fileStream")
    wanted = ImportRequest.parse(upload.document, fields, settings.sms_import_delimiter)
    job = simulator.sms.add_import(sender_code, wanted.file_name)
    work = partial(ContactFileImport(job, wanted, sender_code, fields, settings.sms_located_form).run, upload.file)
    request.app.state.import_runner.start(job, work, settings)
    return answers.created(job.import_id)


async def get_import(request: Request) -> Response:
    found = sender_code_of(request).imports.get(path_id(request, "importFileId"))
    if found is None or found.created_at > import_horizon(request):
        raise not_located(request)
    return answers.resource(found.describe(simulator_of(request).settings.import_status_words))


routes = [
    operation("POST", _IMPORTS, create_import),
    operation("GET", f"{_IMPORTS}/{{importFileId}}", get_import),
]
