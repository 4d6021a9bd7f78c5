using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard;

/// <summary>What Ctrl+K finds: pages, live names, and every operation with its command.</summary>
internal static class Palette
{
    public const string Path = "/ui/names";
    private const int NamesMax = 2_000;

    /// <summary>A list of <c>{word, note, url | command}</c>.</summary>
    public static async Task<JsonArray> ReadAsync(Asking asking, CancellationToken stop)
    {
        var found = new JsonArray();
        foreach (var (word, url) in AllPages.Navigation.SelectMany(static group => group.Links))
        {
            found.Add((JsonNode)new JsonObject { ["word"] = word, ["note"] = "page", ["url"] = url });
        }
        var status = await asking.TryAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        foreach (var app in (status?.Apps ?? []).Take(NamesMax))
        {
            var where = $"{Uri.EscapeDataString(app.App)}/{Uri.EscapeDataString(app.Environment)}";
            found.Add((JsonNode)new JsonObject { ["word"] = $"{app.App} {app.Environment}", ["note"] = "app", ["url"] = $"/ui/apps/{where}" });
            if (app.Deployment is { } last)
            {
                found.Add(
                    (JsonNode)new JsonObject
                    {
                        ["word"] = $"{app.App}@{last.Release} {app.Environment}",
                        ["note"] = last.IsOver ? "last deployment" : "deployment under way",
                        ["url"] = $"/ui/deployments/{Uri.EscapeDataString(last.Id)}",
                    }
                );
            }
        }
        var incidents = await asking.TryAsync<ListIncidents.Output>(ListIncidents.Operation, [], stop);
        foreach (var one in (incidents?.Incidents ?? []).Take(NamesMax))
        {
            found.Add(
                (JsonNode)new JsonObject
                {
                    ["word"] = $"Incident {one.Incident}: {one.Title}",
                    ["note"] = one.State,
                    ["url"] = $"/ui/incidents/{one.Incident}",
                }
            );
        }
        foreach (var operation in AllOperations.Entries)
        {
            found.Add(
                (JsonNode)new JsonObject
                {
                    ["word"] = operation.Name.Replace('.', ' '),
                    ["note"] = operation.Summary,
                    ["command"] = $"fairlead {operation.Name.Replace('.', ' ')}",
                }
            );
        }
        return found;
    }
}
