using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Manifests.Resolving;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests;

/// <summary>Reads a folder's manifest and completes what it leaves open with what is detected.</summary>
/// <param name="detectService">What one folder is; null when it is not recognised.</param>
/// <param name="detectApp">The services of a whole repository, for a manifest that names none.</param>
/// <param name="abilities">What a target can do.</param>
public sealed class ManifestLoader(
    Func<IFileTree, Detected?> detectService,
    Func<IFileTree, DetectedApp> detectApp,
    Func<TargetKind, TargetAbilities> abilities
)
{
    /// <param name="environment">Null for the first one declared, or <c>production</c> when none is.</param>
    /// <exception cref="ProblemException">There is no manifest, or it has findings: all of them, in the order of the file.</exception>
    public LoadedApp Load(IFileTree tree, string? environment = null)
    {
        var findings = new Findings();
        if (Read(Text(tree), findings) is not var (file, root))
        {
            findings.ThrowIfAny();
            throw new InvalidOperationException("A manifest that cannot be read has findings.");
        }
        var place = new Places(file, root, findings).Choose(environment);
        var resolver = new Resolver(tree, root, findings) { DetectService = detectService, DetectApp = detectApp };
        var services = resolver.Services(file, place, abilities(place.Entry.Target));
        var tls = TlsChoice.Of(place.Entry.Tls, root.At("environments", place.Name, "tls"), findings);
        var security = ScanChoice.Of(file.Security, root.At("security"), findings);
        var infrastructure = InfrastructureChoice.Of(file.Infrastructure, place, services, (root, findings));
        var watch = WatchChoice.Of(file, place.Entry, root, findings);
        var monitors = MonitorsChoice.Of(file.Monitors, root.At("monitors"), (place.Name, services), findings);
        var databases = DatabasesChoice.Of(file.Databases, (root.At("databases"), place), tree, findings);
        services = DatabaseUses.Given(services, file, databases);
        findings.ThrowIfAny();
        return new LoadedApp
        {
            Site = new(file.App, place.Name),
            Environments = place.All,
            Target = place.Entry.Target,
            Hosts = place.Hosts,
            Tls = tls,
            Security = security,
            Infrastructure = infrastructure,
            Watch = watch,
            Monitors = monitors,
            Databases = databases,
            Protection = ProtectionOf(place.Entry),
            Services = services,
            Warnings = resolver.Warnings,
        };
    }

    private static Protection? ProtectionOf(EnvironmentEntry entry) =>
        entry.Approvals is null && entry.Freeze is not { Count: > 0 }
            ? null
            : new Protection
            {
                Approvals = entry.Approvals is { } said ? said.Count ?? 1 : 0,
                From = entry.Approvals?.From ?? [],
                StepUp = entry.Approvals?.StepUp ?? false,
                Wait = entry.Approvals?.Wait ?? new Protection().Wait,
                Freezes = entry.Freeze ?? [],
            };

    /// <summary>The file as it is written; null when it cannot be read at all.</summary>
    internal static (ManifestFile File, Node Root)? Read(string text, Findings findings) =>
        YamlReader.Read(text, findings) is { } root && AllForms.Manifest.Read(root, findings) is ManifestFile file
            ? (file, root)
            : null;

    private static string Text(IFileTree tree)
    {
        if (tree.ReadText(ManifestFile.Name) is { } text)
        {
            return text;
        }
        if (tree.FileExists(ManifestFile.Name))
        {
            throw new ProblemException(
                Wrong(
                    "manifest.unreadable",
                    $"{ManifestFile.Name} in {tree.Root} cannot be read.",
                    "It is larger than 1 MiB, or not text in UTF-8.",
                    "Save it as UTF-8, without what does not describe the app."
                ) with
                {
                    Where = ManifestFile.Name,
                }
            );
        }
        var other = Array.Find(["fairlead.yml", "Fairlead.yaml", ".fairlead.yaml"], tree.FileExists);
        throw new ProblemException(
            Wrong(
                "manifest.missing",
                $"{tree.Root} has no {ManifestFile.Name}.",
                other is null
                    ? "It tells what the app is called and where it runs."
                    : $"There is a {other}, which is not read.",
                other is null ? "fairlead init" : $"mv {other} {ManifestFile.Name}"
            )
        );
    }

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new(code, what, why, fix) { Trouble = Trouble.WrongUse };
}
