using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Mcp;

/// <summary>The folder in which an agent was started: it names no other, and the server gets what lies there.</summary>
/// <param name="root">Absolute.</param>
internal sealed class Workspace(string root, IPlatform platform)
{
    /// <summary>Has the server do an operation; a folder is sent where the server does not see this disk.</summary>
    /// <exception cref="ProblemException">A folder is not below the one in which the agent was started.</exception>
    public async Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop)
    {
        if (input["folder"] is JsonValue value && value.TryGetValue<string>(out var folder))
        {
            input["folder"] = await platform.BringAsync(Confined(folder), Sent.Source, static _ => { }, stop);
        }
        return await platform.AskAsync(operation, input, stop);
    }

    private string Confined(string folder)
    {
        var real = Real(Path.GetFullPath(folder, root));
        var own = Real(root);
        return real == own || real.StartsWith(own + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? real
            : throw new ProblemException(
                new Problem(
                    "agent.outside-workspace",
                    What: $"'{PlainText.Of(folder, 200)}' is not for this agent.",
                    Why: $"It was started in {root} and names no folder outside of it.",
                    Fix: "Start it where the app is, or name a folder below."
                )
                {
                    Trouble = Trouble.NotAllowed,
                }
            );
    }

    // Where links lead, step by step: a link inside may lead outside.
    private static string Real(string path)
    {
        var real = Path.GetPathRoot(path)!; // It is absolute.
        foreach (
            var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var next = Path.Combine(real, part);
            real = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
        }
        return Path.TrimEndingDirectorySeparator(real);
    }
}
