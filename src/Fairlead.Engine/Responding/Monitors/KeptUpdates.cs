using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Monitors;

/// <summary>
/// Reads what is told to the public from documents of incidents: a list <c>updates</c> of <see cref="StatusUpdate"/>s in each. One that
/// has none, or something else under that name, tells the public nothing.
/// </summary>
public sealed class KeptUpdates(IStore store) : IStatusUpdates
{
    private const string Collection = "incidents";
    private const int UpdatesMax = 200;

    public async Task<IReadOnlyList<StatusUpdate>> UpdatesAsync(DateTimeOffset since, CancellationToken stop) =>
        [
            .. (await store.ListAsync(Collection, "", stop))
                .SelectMany(one => Of(one.Body))
                .Where(one => one.At >= since)
                .OrderByDescending(one => one.At)
                .Take(UpdatesMax),
        ];

    private static IReadOnlyList<StatusUpdate> Of(JsonNode body)
    {
        try
        {
            // A record that was written a moment ago is one still, and no JSON yet.
            return
                JsonNode.Parse(body.ToJsonString(Records.Json)) is JsonObject read
                && read["updates"] is JsonArray updates
                && updates.Deserialize<StatusUpdate[]>(Records.Json) is { } told
                ? [.. told.Where(one => one is { Title: not null, Text: not null, Components: not null })]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
