using System.ComponentModel;
using System.Security.Cryptography;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Checks an exported journal, without a server.</summary>
public static class CheckAudit
{
    public sealed record Input
    {
        [Description("File that 'fairlead audit export' wrote.")]
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
        new Operation<Input, Output>("audit.check", "Check an exported journal.", Effect.Reads, RunAsync)
        {
            Runs = Runs.Here,
            Needs = Need.Anybody,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var path = Path.GetFullPath(input.File, input.Folder);
        JournalCheck check;
        string pem;
        try
        {
            (check, pem) = JournalExport.Check(engine.OpenLines(path, JournalExport.LineLettersMax));
        }
        catch (FormatException caught)
        {
            throw new ProblemException(
                Wrong(
                    "audit.no-export",
                    $"'{input.File}' is no exported journal.",
                    caught.Message,
                    "Export one: fairlead audit export"
                ),
                caught
            );
        }
        if (check.Break is { } found)
        {
            throw new ProblemException(VerifyAudit.Broken(found));
        }
        if (check.Covered < check.Lines || check.Lines == 0)
        {
            throw new ProblemException(
                VerifyAudit.Broken(new(check.Covered + 1, "No head was signed over the last lines of this file."))
            );
        }
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
            : Task.FromResult(
                new Output(
                    check.Lines,
                    check.Proven,
                    check.Until,
                    key,
                    input.Key is null
                        ? $"It is whole, if {key} is the key of that Fairlead: fairlead audit head says it there."
                        : "It is whole."
                )
            );
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
