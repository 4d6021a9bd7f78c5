using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Gates;

/// <summary>
/// What gates start: commands as they are written, and checks as this program's own command, apart from the server, whose time and
/// memory a load or a browser would take.
/// </summary>
public static class CheckGate
{
    private const int LinesMax = 24;
    private const int LetterMax = 400;

    /// <summary>Whether the gate can be started: a check that asks the part waits until one of its replicas is ready.</summary>
    public static bool IsReady(Gate gate, Part part, Situation now) =>
        gate is not Gate.Check { NeedsAddress: true } || EndpointOf(part, now) is { IsFile: false };

    /// <summary>What the gate runs, in the folder of the source.</summary>
    /// <param name="program">How this program is called.</param>
    public static CommandOrder Order(Move.RunGate gate, Situation now, IReadOnlyList<string> program)
    {
        var endpoint = EndpointOf(gate.Part, now);
        var env = new Dictionary<string, string>
        {
            ["FAIRLEAD_APP"] = now.Site.App,
            ["FAIRLEAD_ENVIRONMENT"] = now.Site.Environment,
            ["FAIRLEAD_PART"] = gate.Part.ToString(),
            ["FAIRLEAD_URL"] = endpoint?.ToString().TrimEnd('/') ?? "",
        };
        var words = gate.Gate switch
        {
            Gate.Command command => command.Words,
            Gate.Check check => [.. program, .. Words(check, endpoint, now)],
            _ => throw new System.Diagnostics.UnreachableException($"A gate that runs nothing: {gate.Gate}"),
        };
        // Gates that run have a limit.
        return new(gate.Key, words, now.Next!.Source, env, gate.Gate.TimeMax!.Value)
        {
            KeepsErrorsOnly = gate.Gate is Gate.Check,
        };
    }

    /// <summary>Rules by how a check ended, and tells what it said.</summary>
    public static Verdict Rule(Gate gate, CommandView? view, bool isFinal) =>
        view switch
        {
            { Problem: { } problem } => new(gate.ToString(), Ruling.Broken, problem.Why),
            { ExitCode: 0 } => new(gate.ToString(), Ruling.Holds, "it passed"),
            { ExitCode: { } code } => Broken(gate, code, view.Lines),
            null => new(gate.ToString(), Ruling.Unknown, "it waits for a replica that is ready"),
            _ => new(gate.ToString(), Ruling.Unknown, isFinal ? "it has not ended yet" : "it is running"),
        };

    // The endpoint is the one whom the check may ask, wherever it is: it was made for this release.
    private static IReadOnlyList<string> Words(Gate.Check check, Uri? endpoint, Situation now) =>
        check switch
        {
            { NeedsAddress: true } =>
            [
                "check",
                check.Word,
                "--at",
                endpoint?.GetLeftPart(UriPartial.Authority) ?? "",
                .. endpoint is null or { IsLoopback: true } ? (string[])[] : ["--host", endpoint.IdnHost],
            ],
            // What callers know is what is live, not what is merged.
            { Kind: CheckKind.OpenApi } when now.Live?.Commit is { } commit =>
            [
                "check",
                check.Word,
                "--base",
                $"{commit}:",
            ],
            { Kind: CheckKind.Bundle } when endpoint is { IsFile: true } => ["check", check.Word, endpoint.LocalPath],
            _ => ["check", check.Word],
        };

    private static Uri? EndpointOf(Part part, Situation now) =>
        now
            .Seen.Instances.FirstOrDefault(one =>
                one.Key.Part == part && one is { State: InstanceState.Ready, Endpoint: not null }
            )
            ?.Endpoint;

    // error: http://127.0.0.1:41317/ does not keep what its document promises: 2 findings.
    //   why: GET /orders/{id}: The body does not fit: . has no total.
    //     | GET /users: ...
    //   fix: ...
    //   (check.failed)
    private static Verdict Broken(Gate gate, int code, IReadOnlyList<string> lines)
    {
        const string Begin = "error: ";
        var at = lines.ToList().FindIndex(static line => line.StartsWith(Begin, StringComparison.Ordinal));
        if (at < 0)
        {
            var exited = string.Create(CultureInfo.InvariantCulture, $"it exited {code}");
            return new(gate.ToString(), Ruling.Broken, exited) { Evidence = [.. lines.TakeLast(3).Select(Cut)] };
        }
        return new(gate.ToString(), Ruling.Broken, Cut(lines[at][Begin.Length..]).TrimEnd('.'))
        {
            Evidence = [.. lines.Skip(at + 1).Take(LinesMax).Select(static line => Cut(line.TrimStart(' ', '|')))],
        };
    }

    private static string Cut(string line) => line.Length <= LetterMax ? line : line[..LetterMax] + "…";
}
