"""ListImport: start one, and follow it by status, summary and contacts."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, bodies, errors, journal, queries
from listrak_simulator.email_api.import_request import ImportRequest
from listrak_simulator.email_api.import_upload import receive_upload
from listrak_simulator.email_api.import_work import FileImport
from listrak_simulator.email_api.operation import import_of, list_of, operation
from listrak_simulator.simulator import import_horizon, simulator_of

_IMPORTS = "/v1/List/{listId}/ListImport"
_IMPORT = f"{_IMPORTS}/{{importFileId}}"


async def create_import(request: Request) -> Response:
    target = list_of(request)
    simulator = simulator_of(request)
    upload = await receive_upload(bodies.chunks(request, simulator.settings.body_limit_bytes))
    journal.note_body(request, upload.document)
    if upload.file is None:
        raise errors.invalid_parameter("fileStream")
    wanted = ImportRequest.parse(upload.document, target.fields())
    job = simulator.email.add_import(target, wanted.file_name, wanted.import_type)
    work = partial(FileImport(job, wanted, target, simulator.settings).run, upload.file)
    request.app.state.import_runner.start(job, work, simulator.settings)
    return answers.created(job.import_id)


async def get_imports(request: Request) -> Response:
    """Newest first. The published answer has no ``nextPageCursor``, so only ``count`` and the dates bound it."""
    target = list_of(request)
    asked = queries.PageRequest.of(request)
    start, end = queries.date_range(request)
    settings, horizon = simulator_of(request).settings, import_horizon(request)
    found = [
        job.describe(settings)
        for job in reversed(target.imports.values())
        if (start is None or job.created_at >= start)
        and (end is None or int(job.created_at) <= end)
        and job.created_at <= horizon
    ]
    return answers.collection(found[asked.start : asked.start + asked.count])


async def get_import(request: Request) -> Response:
    return answers.resource(import_of(request).describe(simulator_of(request).settings))


async def get_status(request: Request) -> Response:
    return answers.resource(import_of(request).describe_status(simulator_of(request).settings))


async def get_summary(request: Request) -> Response:
    return answers.resource(import_of(request).summary())


async def get_import_contacts(request: Request) -> Response:
    job = import_of(request)
    asked = queries.PageRequest.of(request)
    end = asked.start + asked.count
    following = end if end < len(job.results) else None
    rows = job.contacts(asked.start, asked.count, simulator_of(request).settings)
    return answers.page(rows, queries.next_page_cursor(request, following))


routes = [
    operation("GET", _IMPORTS, get_imports),
    operation("POST", _IMPORTS, create_import),
    operation("GET", _IMPORT, get_import),
    operation("GET", f"{_IMPORT}/Status", get_status),
    operation("GET", f"{_IMPORT}/Summary", get_summary),
    operation("GET", f"{_IMPORT}/Contact", get_import_contacts),
]
