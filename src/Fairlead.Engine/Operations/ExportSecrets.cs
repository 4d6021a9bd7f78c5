using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Writes the values of a site's secrets into a file that only its recipients can read.</summary>
public static class ExportSecrets
{
    private const int PassphraseCharsMin = 12;
    private const int RecipientsMax = 50;

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Who can read it: a public key of age, age1...; several may be given.")]
        public IReadOnlyList<string> To { get; init; } = [];

        [Description("Or the passphrase it is sealed with.")]
        [Confidential("to")]
        public Secret? Passphrase { get; init; }
    }

    /// <param name="File">Where it lies on the server's machine.</param>
    /// <param name="Secrets">Names and versions.</param>
    /// <param name="Sealed">The file itself, in armor.</param>
    public sealed record Output(string File, IReadOnlyList<string> Secrets, string Sealed, string Note);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "secret.export",
            "Write a site's secrets into a file of age that only its recipients can read.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead secret export shop --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudm9c8ssl4yv3x > shop.age",
            ],
            // Nothing else lets anybody read a value, so it needs more than keeping secrets does, and what no agent can have.
            Needs = Need.Of(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var site = await SecretSites.MeantAsync(server, input.App, input.Environment, stop);
        CheckReaders(input);
        var kept = (await server.Vault.ListAsync(site, stop)).Where(one => one.Newest is not null).ToList();
        if (kept.Count == 0)
        {
            throw new ProblemException(None(site));
        }
        // In the journal first: nobody gets a value of which it does not tell.
        string[] names = [.. kept.Select(one => one.Named(one.Newest!.Number).Label)]; // Only those that have one were chosen.
        var readers = input.Passphrase is null ? string.Join(", ", input.To) : "whoever has its passphrase";
        var sealable = new List<(string Name, Secret Value)>();
        foreach (var one in kept)
        {
            sealable.Add((one.Name, await server.Vault.OpenAsync(one, one.Newest!, stop)));
        }
        var text = server.Vault.Files.Seal(sealable, input.To, input.Passphrase);
        await server.Vault.NoteAsync(
            site,
            $"{string.Join(", ", names)} were exported for {readers} by {engine.Caller}",
            stop
        );
        var file = await server.Vault.Files.KeepAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{site.App}-{site.Environment}-{engine.World.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.age"
            ),
            text,
            stop
        );
        return new(
            file,
            names,
            text,
            input.Passphrase is null
                ? $"Its readers open it with: age -d -i KEY-FILE {Path.GetFileName(file)}"
                : $"It is opened with: age -d {Path.GetFileName(file)}"
        );
    }

    private static void CheckReaders(Input input)
    {
        if (input.To.Count > RecipientsMax || input.To.Count > 0 == input.Passphrase is not null)
        {
            throw new ProblemException(
                Wrong(
                    "It cannot be told who can read the export.",
                    $"It takes recipients, at most {RecipientsMax}, or a passphrase."
                )
            );
        }
        if (input.Passphrase?.Reveal().Length < PassphraseCharsMin)
        {
            throw new ProblemException(
                Wrong(
                    "The passphrase is too short.",
                    $"Whoever has the file can try for ever: it needs at least {PassphraseCharsMin} letters."
                )
            );
        }
    }

    private static Problem None(Site site) =>
        new(
            "secret.none",
            What: $"{site} has no secrets to export.",
            Why: "None was set, or all were removed.",
            Fix: "See where there are some: fairlead secret list"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Wrong(string what, string why) =>
        new(
            "secret.no-readers",
            what,
            why,
            Fix: "Write for example: fairlead secret export shop --env production --to age1..."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
