using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Datasources: what there is, how it does, and what it is told.</summary>
internal static class DatasourcesEndpoints
{
    public static void MapDatasources(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/datasource/all_sources", r => Answers.ListAsync(r.Http, DatasourceTable.Table, backend.Sources.All, r.Format, r.Fields))
            .GivesList(DatasourceTable.Table, "All datasources");
        routes.MapRecords("/datasource/types", r => Answers.ListAsync(r.Http, DatasourceDriverTable.Table, backend.Drivers, r.Format, r.Fields))
            .GivesList(DatasourceDriverTable.Table, "Kinds of datasources that can be opened");
        routes.MapRecords("/datasource/defaults", r => Answers.RecordAsync(r.Http, DatasourceDefaultsTable.Table, backend.Defaults, r.Format, r.Fields))
            .Gives(DatasourceDefaultsTable.Table, "Defaults of new datasources");
        routes.MapRecords("/datasource/by-uuid/{uuid}/source", r => ByUuidAsync(r, backend))
            .Gives(DatasourceTable.Table, "A datasource");
        SourceCommands.Map(routes, backend);
    }

    private static Task ByUuidAsync(RecordRequest request, IBackend backend)
    {
        if (!Guid.TryParse(request.Route("uuid"), out Guid uuid))
        {
            return Answers.ErrorAsync(request.Http, "unable to parse string value");
        }
        return backend.Sources.Find(uuid) is { } found
            ? Answers.RecordAsync(request.Http, DatasourceTable.Table, found, request.Format, request.Fields)
            : Answers.ErrorAsync(request.Http, "no such datasource");
    }
}
