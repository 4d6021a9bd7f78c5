using System.ComponentModel;
using System.Security.Cryptography;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Checks an exported journal, lines that were removed, or the proof of one line, without a server.</summary>
public static class CheckAudit
{
    public sealed record Input
    {
        [Description("File that 'fairlead audit export', 'audit trim' or 'audit prove' wrote.")]
        [Positional]
        public required string File { get; init; }

        [Description("Folder that its name begins at.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("Id of the key that must have signed it, as another source says it.")]
        public string? Key { get; init; }
    }

    /// <param name="Heads">How many signatures were compared.</param>
    public sealed record Output(long Entries, int Heads, DateTimeOffset? Until, string Key, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.check",
            "Check an exported journal, or the proof of one line.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead audit check journal.json --key 3f0c9a51"],
            Runs = Runs.Here,
            Needs = Need.Anybody,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var path = Path.GetFullPath(input.File, input.Folder);
        try
        {
            var lines = engine.OpenLines(path, JournalExport.LineLettersMax);
            return Task.FromResult(
                JournalExport.IsOne(lines.FirstOrDefault() ?? "")
                    ? Whole(input, lines)
                    : Proven(input, JournalProof.Read(string.Join('\n', lines.Take(JournalProof.LinesMax))))
            );
        }
        catch (FormatException caught)
        {
            throw new ProblemException(
                Wrong(
                    "audit.no-export",
                    $"'{input.File}' is no exported journal, and no proof of a line.",
                    caught.Message,
                    "Export one: fairlead audit export"
                ),
                caught
            );
        }
    }

    private static Output Whole(Input input, IEnumerable<string> lines)
    {
        var (check, pem, removal) = JournalExport.Check(lines);
        if (check.Break is { } found)
        {
            throw new ProblemException(HeadKeeper.Broken(found));
        }
        if (check.Covered < check.Lines || check.Lines == 0)
        {
            throw new ProblemException(
                HeadKeeper.Broken(new(check.Covered + 1, "No head was signed over the last lines of this file."))
            );
        }
        var key = Wanted(input, pem);
        return new(
            check.Lines - check.Removed,
            check.Proven,
            check.Until,
            key,
            (removal, check.Removed) switch
            {
                ({ } gone, _) =>
                    $"These are lines {gone.First} to {gone.Last()}, which were removed at {gone.At:u} by {gone.By} ({gone.Policy}). {Trusted(input, key)}",
                (_, > 0) => $"Lines 1 to {check.Removed} were removed before, with proof. {Trusted(input, key)}",
                _ => Trusted(input, key),
            }
        );
    }

    private static Output Proven(Input input, JournalProof proof)
    {
        var row = proof.Line.Row;
        if (proof.Fault() is { } fault)
        {
            throw new ProblemException(
                Wrong(
                    "audit.not-proven",
                    $"'{input.File}' does not prove line {row.Sequence}.",
                    fault,
                    $"Get the proof anew where the journal is: fairlead audit prove {row.Sequence}"
                )
            );
        }
        var key = Wanted(input, proof.PublicKey);
        return new(
            Entries: 1,
            Heads: 1,
            proof.Head.At,
            key,
            $"Line {row.Sequence} stands in the journal: {row.At} {row.App}/{row.Environment} {row.Kind}: {row.Text}. {Trusted(input, key)}"
        );
    }

    private static string Trusted(Input input, string key) =>
        input.Key is null
            ? $"It is whole, if {key} is the key of that Fairlead: fairlead audit head says it there."
            : "It is whole.";

    /// <exception cref="ProblemException">Another key than the one that is asked for signed it.</exception>
    private static string Wanted(Input input, string pem)
    {
        var key = IdOf(pem);
        return input.Key is { } wanted && wanted != key
            ? throw new ProblemException(
                Wrong(
                    "audit.other-key",
                    $"'{input.File}' was signed by another key.",
                    $"It is whole, but signed by {key}, not by {wanted}.",
                    "Ask where it comes from: whoever changes a journal signs it with a key of his own."
                )
            )
            : key;
    }

    private static string IdOf(string pem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return JournalCheck.KeyIdOf(key);
    }

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new(code, what, why, fix) { Trouble = Trouble.WrongUse };
}
