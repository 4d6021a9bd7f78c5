using System.Text.Json;
using Fairlead.Drivers.Builds.Web;
using Fairlead.Drivers.Containers;
using Fairlead.Model.Apps;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Drivers.Builds;

/// <summary>One build: the source is copied to the workspace and checked, the commands run, and what they made becomes the artifact.</summary>
internal sealed class Build(BuildOrder order, string artifact, BuildPlace place, BuildOutput output)
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private const string OutWord = "{out}";

    public BuildOrder Order => order;

    public BuildOutput Output => output;

    /// <exception cref="ProblemException">It failed.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var began = place.World.Now;
        var recipe = order.Service.Recipe;
        if (order.Service.Container?.Image is { } image)
        {
            await TakeImageAsync(image, began, stop);
            return;
        }
        CheckTools(recipe.Needs);
        await SyncAsync(stop);
        var folder = place.Artifacts.Begin(artifact);
        foreach (var command in recipe.Build)
        {
            await RunAsync([.. command.Select(word => word.Replace(OutWord, folder, StringComparison.Ordinal))], stop);
        }
        CopyOutput(folder, stop);
        var made = Directory.EnumerateFiles(
            folder,
            "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
        );
        var sizes = made.Select(file => Posix.Stat(file)?.Size ?? 0).ToList();
        if (sizes.Count == 0)
        {
            throw new ProblemException(BuildProblems.NoOutput(order, recipe.Output ?? OutWord, output));
        }
        if (order.Service.IsStatic)
        {
            CheckSite(folder);
        }
        place.Artifacts.Finish(
            new(artifact, order.App, order.Service.Name, recipe, place.World.Now, sizes.Count, sizes.Sum()),
            await AttestAsync(folder, began, stop)
        );
    }

    // The artifact is a note of which image it is, so that a tag that moves later changes nothing of what runs or is rolled back to.
    private async Task TakeImageAsync(string image, DateTimeOffset began, CancellationToken stop)
    {
        output.Begin($"pull {image}");
        // A cluster fetches it by itself: here it is only asked which one it is.
        var found = order.Service is { Container.Cluster: null, Aws: null }
            ? await place.Images.PullAsync(image, stop)
            : await place.Pin(image, stop);
        var folder = place.Artifacts.Begin(artifact);
        var note = JsonSerializer.SerializeToUtf8Bytes(found);
        await File.WriteAllBytesAsync(Path.Combine(folder, ReadyImage.FileName), note, stop);
        place.Artifacts.Finish(
            new(artifact, order.App, order.Service.Name, order.Service.Recipe, place.World.Now, 1, note.Length),
            await AttestAsync(folder, began, stop)
        );
    }

    private async Task<IReadOnlyDictionary<string, string>> AttestAsync(
        string folder,
        DateTimeOffset began,
        CancellationToken stop
    ) =>
        place.Witness is { } witness
            ? await witness.AttestAsync(
                new(order, artifact, began, place.World.Now),
                ArtifactPapers.ListOf(folder, stop),
                stop
            )
            : new Dictionary<string, string>();

    private void CheckSite(string folder)
    {
        TakeVercelFile(folder);
        var settings = order.Service.Web ?? new WebSettings();
        var check = new SiteCheck(folder, order.Service.Name, settings);
        var (warnings, over) = (check.Warnings(), check.OverBudget());
        output.Warn([.. warnings.Select(one => $"{one.What} {one.Why} {one.Fix}")]);
        IReadOnlyList<Problem> problems = settings.IsStrict ? [.. over, .. warnings] : over;
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
    }

    // It lies beside package.json, not in what the build writes.
    private void TakeVercelFile(string folder)
    {
        var (from, to) = (Path.Combine(place.Workspace.Folder, VercelFile.Name), Path.Combine(folder, VercelFile.Name));
        if (File.Exists(from) && !File.Exists(to))
        {
            File.Copy(from, to);
        }
    }

    private async Task SyncAsync(CancellationToken stop)
    {
        var files = new SourceScan(order, place.StateRoot, stop).Run();
        if (SourceHasher.Digest(order, await place.Workspace.SyncAsync(files, stop)) != artifact)
        {
            throw new ProblemException(BuildProblems.SourceChanged(order));
        }
    }

    private async Task RunAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        CheckTools([words[0]]);
        var text = string.Join(' ', words);
        output.Begin(text);
        var exitCode = await BuildProcess.RunAsync(
            new(words, place.Workspace.Folder, place.Env, place.Mark, place.World.Clock),
            output,
            stop
        );
        if (exitCode != 0)
        {
            throw new ProblemException(BuildProblems.CommandFailed(order, text, exitCode, output));
        }
    }

    // A build that never says {out} can only have written to its own folder.
    private void CopyOutput(string folder, CancellationToken stop)
    {
        var recipe = order.Service.Recipe;
        var writesOut = recipe.Build.Any(command =>
            command.Any(word => word.Contains(OutWord, StringComparison.Ordinal))
        );
        if ((recipe.Output ?? (writesOut ? null : ".")) is not { } relative)
        {
            return;
        }
        var from = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(place.Workspace.Folder, relative)));
        var isInside =
            from == place.Workspace.Root || from.StartsWith(place.Workspace.Root + "/", StringComparison.Ordinal);
        if (!isInside)
        {
            throw new ProblemException(BuildProblems.Outside(relative, $"services.{order.Service.Name}.output"));
        }
        if (!Directory.Exists(from))
        {
            throw new ProblemException(BuildProblems.NoOutput(order, relative, output));
        }
        // A service of a workspace runs from the workspace's root, where its packages are.
        var isSource = (place.Workspace.Folder + "/").StartsWith(from + "/", StringComparison.Ordinal);
        new OutputCopy(from, place.Workspace.Root, stop).To(folder, isSource);
    }

    private void CheckTools(IReadOnlyList<string> programs)
    {
        var path = place.Env.GetValueOrDefault("PATH", "");
        var missing = programs
            .Append("setsid")
            .Where(program => !Tools.IsThere(program, place.Workspace.Folder, path))
            .Select(program => Tools.Missing(program, $"The build of {order.App}/{order.Service.Name}"))
            .ToList();
        if (missing.Count > 0)
        {
            throw new ProblemException(missing);
        }
    }
}

/// <summary>Where a build happens, and with what.</summary>
/// <param name="Env">What its commands know of the server's environment.</param>
internal sealed record BuildPlace(
    Workspace Workspace,
    ArtifactStore Artifacts,
    IReadOnlyDictionary<string, string> Env,
    ProcessMark Mark,
    string StateRoot,
    World World
)
{
    /// <summary>Is told of what was built before it gets its name; null for nobody.</summary>
    public IBuildWitness? Witness { get; init; }

    public required ReadyImages Images { get; init; }

    /// <inheritdoc cref="LocalBuilder.Pin"/>
    public required Func<string, CancellationToken, Task<ReadyImage>> Pin { get; init; }
}
