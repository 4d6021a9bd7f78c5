using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure.Code;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Writes what an app needs of a cloud as code that the team owns; needs no server, no cloud and no tool.</summary>
public static class ExportInfrastructure
{
    private const int SettingsMax = 50;

    // Of Terraform's own, those that lock a state.
    private static readonly string[] Backends = ["azurerm", "consul", "gcs", "http", "kubernetes", "pg", "s3"];

    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description(
            "Tool that it is written for: terraform (also for OpenTofu), pulumi or cloudformation at AWS, bicep at Azure, or ansible; terraform or bicep when left out."
        )]
        public string? With { get; init; }

        [Description("Where Terraform keeps its state, such as s3, gcs, azurerm or http; on the disk when left out.")]
        public string? Backend { get; init; }

        [Description("A setting of the backend, in Terraform's own words, such as bucket=acme-states; no secrets.")]
        public IReadOnlyList<string> BackendConfig { get; init; } = [];

        [Description("Write files below this folder instead of showing them; none may be there yet.")]
        public string? To { get; init; }
    }

    /// <param name="Text">All files one behind the other; null when they were written.</param>
    /// <param name="Files">Those that were written.</param>
    /// <param name="Notes">What to know, and what the tool cannot do as the manifest says it.</param>
    public sealed record Output(string? Text, IReadOnlyList<string> Files, IReadOnlyList<string> Notes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.export",
            "Write what the app needs of a cloud as code: Terraform, Pulumi, CloudFormation, Bicep or playbooks of Ansible.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead infra export --to infra",
                "fairlead infra export --with cloudformation --to stack",
                "fairlead infra export --with bicep --to infra",
                "fairlead infra export --to infra --backend s3 --backend-config bucket=acme-states --backend-config use_lockfile=true",
            ],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var settings = new CodeSettings { State = StateOf(input) };
        var (app, _, code) = InfrastructureViews.Write(engine, input.Folder, input.Environment, input.With, settings);
        IReadOnlyList<string> notes = [.. app.Warnings, .. code.Notes];
        if (input.To is not { } folder)
        {
            return Task.FromResult(
                new Output(string.Concat(code.Files.Select(static file => $"# {file.Path}\n{file.Text}\n")), [], notes)
            );
        }
        foreach (var file in code.Files)
        {
            engine.WriteNewFile(Path.Combine(Path.GetFullPath(folder, input.Folder), file.Path), file.Text);
        }
        return Task.FromResult(new Output(null, [.. code.Files.Select(static file => file.Path)], notes));
    }

    private static StatePlace? StateOf(Input input)
    {
        if (input.Backend is not { } kind)
        {
            return input.BackendConfig.Count == 0
                ? null
                : throw Wrong(
                    input.BackendConfig[0],
                    "No backend was named that it belongs to.",
                    "Say --backend, such as: --backend s3"
                );
        }
        if (!Backends.Contains(kind, StringComparer.Ordinal))
        {
            throw Wrong(
                kind,
                "It is no backend of Terraform that locks a state.",
                $"Take one of: {string.Join(", ", Backends)}"
            );
        }
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in input.BackendConfig.Take(SettingsMax))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !line[..equals].All(static letter => char.IsAsciiLetterLower(letter) || letter == '_'))
            {
                throw Wrong(
                    line,
                    "It has to be of the form name=value.",
                    "Such as: --backend-config bucket=acme-states"
                );
            }
            settings[line[..equals]] = line[(equals + 1)..];
        }
        return new(kind, settings);
    }

    private static ProblemException Wrong(string what, string why, string fix) =>
        new(new Problem("infra.wrong-backend", $"The state cannot be kept as '{what}' says.", why, fix));
}
