using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Pages;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard;

/// <summary>What Ctrl+K finds: pages, live names, and every operation with its command.</summary>
internal static class Palette
{
    public const string Path = "/ui/names";
    private const int NamesMax = 2_000;

    /// <summary>A list of <c>{word, note, url}</c> and <c>{word, note, command}</c>.</summary>
    /// <param name="hidden">Addresses that are not for whoever asks.</param>
    public static async Task<JsonArray> ReadAsync(Asking asking, IReadOnlySet<string> hidden, CancellationToken stop)
    {
        var status = await asking.TryAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        var incidents = await asking.TryAsync<ListIncidents.Output>(ListIncidents.Operation, [], stop);
        return new([
            .. AllPages
                .Navigation.SelectMany(static group => group.Links)
                .Where(one => !hidden.Contains(one.Url))
                .Select(static one => Entry(one.Word, "page", "url", one.Url)),
            .. (status?.Apps ?? []).Take(NamesMax).SelectMany(Of),
            .. (incidents?.Incidents ?? [])
                .Take(NamesMax)
                .Select(static one =>
                    Entry($"Incident {one.Incident}: {one.Title}", one.State, "url", Links.Incident(one.Incident))
                ),
            .. AllOperations
                .Entries.Select(static one => (Words: one.Name.Replace('.', ' '), one.Summary))
                .Select(static one => Entry(one.Words, one.Summary, "command", $"fairlead {one.Words}")),
        ]);
    }

    private static IEnumerable<JsonNode> Of(AppStatus.AppView app)
    {
        yield return Entry($"{app.App} {app.Environment}", "app", "url", Links.App(app.App, app.Environment));
        if (app.Deployment is { } last)
        {
            yield return Entry(
                $"{app.App}@{last.Release} {app.Environment}",
                last.IsOver ? "last deployment" : "deployment under way",
                "url",
                Links.Deployment(last.Id)
            );
        }
    }

    private static JsonObject Entry(string word, string note, string kind, string value) =>
        new()
        {
            ["word"] = word,
            ["note"] = note,
            [kind] = value,
        };
}
