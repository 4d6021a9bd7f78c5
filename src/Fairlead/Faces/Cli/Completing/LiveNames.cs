using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Completing;

/// <summary>Asks the server for names while someone types: quickly or not at all.</summary>
/// <param name="open">The server that is meant; what is wrong with its address is for commands to say, not for who types.</param>
internal sealed class LiveNames(Func<IPlatform> open, World world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <param name="noun">app, service or release.</param>
    public async Task<IReadOnlyList<string>> OfAsync(string noun, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Patience, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var answer = await open().AskAsync(noun is "release" ? "releases" : "status", [], both.Token);
            return [.. Find(answer, noun).Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (Exception caught) when (caught is ProblemException or OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>Members called by the noun, and the names of the members of lists called by its plural.</summary>
    private static IEnumerable<string> Find(JsonNode? node, string noun) =>
        node switch
        {
            JsonArray list => list.SelectMany(item => Find(item, noun)),
            JsonObject record => record.SelectMany(one =>
                one.Key == noun && one.Value is JsonValue value ? [Plain.Of(value.ToString())]
                : one.Key == noun + "s" && one.Value is JsonArray list
                    ? list.Select(NameOf).Concat(list.SelectMany(item => Find(item, noun)))
                : Find(one.Value, noun)
            ),
            _ => [],
        };

    private static string NameOf(JsonNode? item) =>
        Plain.Of(
            item switch
            {
                JsonObject record => (record["name"] ?? record["number"])?.ToString() ?? "",
                JsonValue value => value.ToString(),
                _ => "",
            }
        );
}
