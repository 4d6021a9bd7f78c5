using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.Agents;

namespace Fairlead.Faces.Dashboard.Acts;

/// <summary>What takes an act back that was just done, where something does. It is offered, and is an act like others.</summary>
internal static class Undoing
{
    private const string Prefix = "undo.";

    private static readonly Dictionary<string, (Operation By, string[] Names)> All = new(StringComparer.Ordinal)
    {
        [AddSilence.Operation.Name] = (RemoveSilence.Operation, ["id"]),
        [FreezeAgents.Operation.Name] = (ThawAgents.Operation, []),
        [HoldDeployment.Operation.Name] = (ResumeDeployment.Operation, ["app", "environment"]),
        [IgnoreError.Operation.Name] = (ReopenError.Operation, ["id"]),
        [PauseMonitor.Operation.Name] = (ResumeMonitor.Operation, ["monitor"]),
        [ResolveError.Operation.Name] = (ReopenError.Operation, ["id"]),
        [ResolveIncident.Operation.Name] = (ReopenIncident.Operation, ["incident"]),
        [ResumeMonitor.Operation.Name] = (PauseMonitor.Operation, ["monitor"]),
    };

    /// <summary>What the page that comes next has to know of it, behind its address; empty where nothing takes the act back.</summary>
    public static string Query(Operation done, IEnumerable<KeyValuePair<string, string>> given, JsonNode answer)
    {
        if (!All.TryGetValue(done.Name, out var way))
        {
            return "";
        }
        var texts = given.DistinctBy(static one => one.Key).ToDictionary(StringComparer.Ordinal);
        return string.Concat(
            way.Names.Select(name =>
                $"&{Prefix}{name}={Uri.EscapeDataString(texts.GetValueOrDefault(name) ?? $"{answer[name]}")}"
            )
        );
    }

    /// <summary>The act; null where nothing takes it back, or the page does not know enough of it.</summary>
    public static Act? Of(string done, Place place)
    {
        if (!All.TryGetValue(done, out var way))
        {
            return null;
        }
        var input = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in way.Names)
        {
            if (place.Asked(Prefix + name) is not { } value)
            {
                return null;
            }
            input[name] = value;
        }
        return new(Texts.Undo, way.By, way.By.Summary, input);
    }
}
