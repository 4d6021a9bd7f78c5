using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Takes secrets from a file of age or SOPS; first it says what it would do.</summary>
public static class ImportSecrets
{
    private const int SecretsMax = 1_000;

    public sealed record Input
    {
        [Description("File of age, or of SOPS in JSON or as variables, sealed for age.")]
        [Positional]
        public required string From { get; init; }

        [Description("Folder that its name begins at.")]
        [Folder(Sent.Never)]
        public required string Folder { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Only these names of it.")]
        public IReadOnlyList<string> Only { get; init; } = [];

        [Description("Do it; else it is only said what would be done.")]
        public bool Apply { get; init; }

        [Description("What opens it: identities (AGE-SECRET-KEY-1...) as age-keygen writes them, or the passphrase.")]
        [Confidential]
        public required Secret Key { get; init; }
    }

    /// <param name="Change">new, changed, same or refused.</param>
    /// <param name="Why">What else is to be known; never a value.</param>
    public sealed record Row(string Secret, string Change, string? Why);

    public sealed record Output(string Site, IReadOnlyList<Row> Secrets, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.import",
            "Take secrets from a file of age or SOPS, once you saw what would change.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead secret import secrets.enc.json --app shop --file age.key",
                "fairlead secret import secrets.enc.json --app shop --file age.key --apply",
            ],
            Needs = Need.Of(Permission.Secure),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var site = await SecretSites.MeantAsync(server, input.App, input.Environment, stop);
        var path = Path.GetFullPath(input.From, input.Folder);
        var file =
            engine.OpenFolder(Path.GetDirectoryName(path) ?? input.Folder).ReadBytes(Path.GetFileName(path))
            ?? throw new ProblemException(Unread(input.From));
        var found = server
            .Vault.Files.Open(file, input.Key)
            .Where(one => input.Only.Count == 0 || input.Only.Contains(one.Name, StringComparer.Ordinal))
            .ToList();
        var rows = new List<Row>();
        foreach (var one in Unlike(found))
        {
            rows.Add(await RowAsync(server, site, one, stop));
        }
        if (!input.Apply)
        {
            return new(
                site.ToString(),
                rows,
                rows.Exists(one => one.Change is "new" or "changed")
                    ? "Nothing was changed yet. Do it: the same with --apply"
                    : "There is nothing to change."
            );
        }
        if (rows.Where(one => one.Change == "refused").ToList() is { Count: > 0 } refused)
        {
            throw new ProblemException([.. refused.Select(one => Refused(one))]);
        }
        var count = 0;
        foreach (
            var one in found.Where(one =>
                rows.Exists(row => row.Secret == one.Name && row.Change is "new" or "changed")
            )
        )
        {
            // Each is whole by itself: after a crash the next import does what is left.
            await server.Vault.AddAsync(
                (site, one.Name),
                one.Value!, // What is none was refused.
                (engine.Caller.ToString(), "imported"),
                same => same with { From = null },
                stop
            );
            count++;
        }
        server.RingVault();
        return new(
            site.ToString(),
            rows,
            count == 0
                ? "There was nothing to change."
                : $"{count} were imported. What runs gets them with the next deployment: fairlead deploy"
        );
    }

    private static IEnumerable<FoundSecret> Unlike(List<FoundSecret> found)
    {
        if (found.Count is 0 or > SecretsMax)
        {
            throw new ProblemException(
                new Problem(
                    "secret.import-size",
                    What: "Nothing was imported.",
                    Why: $"The file has {found.Count} of the secrets that are asked for; 1 to {SecretsMax} are taken.",
                    Fix: "Look which names it has; leave --only out, or part the file."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return found
            .GroupBy(one => one.Name)
            .Select(same =>
                same.Count() == 1 ? same.First() : new FoundSecret(same.Key, null, "The file has it more than once.")
            );
    }

    private static async Task<Row> RowAsync(ServerSide server, Site site, FoundSecret one, CancellationToken stop)
    {
        if (one.Value is not { } value)
        {
            return new(Shown(one.Name), "refused", one.Fault);
        }
        if (await server.Vault.FindAsync(site, one.Name, stop) is not { Newest: { } newest } known)
        {
            return new(one.Name, "new", null);
        }
        var isSame = (await server.Vault.OpenAsync(known, newest, stop)).SameAs(value);
        return new(
            one.Name,
            isSame ? "same" : "changed",
            !isSame && known.From is { } from ? $"It is read from {from} now, and would not be any more." : null
        );
    }

    // What stands for a name in a file that is none may be anything.
    private static string Shown(string name) => SecretVersion.IsName(name) ? name : "(no name)";

    private static Problem Refused(Row row) =>
        new(
            "secret.import-refused",
            What: $"{row.Secret} was not imported, and so was nothing else.",
            Why: row.Why ?? "",
            Fix: "Mend it in the file, or name those that are wanted: --only NAME"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Unread(string file) =>
        new(
            "secret.file-unread",
            What: $"'{file}' cannot be read.",
            Why: "The server finds no such file, may not read it, or it is larger than 32 MiB.",
            Fix: "Name a file on the server's machine that Fairlead's user may read."
        )
        {
            Trouble = Trouble.NotFound,
        };
}
