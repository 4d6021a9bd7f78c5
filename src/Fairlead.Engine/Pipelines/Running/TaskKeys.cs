using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What decides what a task makes.</summary>
internal static class TaskKeys
{
    /// <param name="with">With what it is done: tools and images.</param>
    /// <param name="made">Digests of what was made before, by job or task.</param>
    public static TaskKey Of(
        TaskWork work,
        IReadOnlyList<KeyPart> with,
        IReadOnlyDictionary<string, string> made,
        PipelinePorts ports
    )
    {
        List<KeyPart> parts =
        [
            new("command", Command(work.Words)),
            new("folder", work.Task.Folder),
            new("platform", ports.Platform),
        ];
        if (work.Task.Outputs.Count > 0)
        {
            parts.Add(new("outputs", string.Join(' ', work.Task.Outputs)));
        }
        Add(parts, "env", work.Env);
        Add(parts, "secret", work.Secrets, value => Salted(value, ports.Salt));
        parts.AddRange(with);
        Add(parts, "outputs of", made);
        parts.AddRange(
            work.Workspace.Find(Read(work.Task.Inputs!, work.Task.Outputs))
                .Select(static one => new KeyPart($"file {one.Path}", FileText(one)))
        );
        return new(parts);
    }

    /// <param name="versions">As the tools say them.</param>
    public static IReadOnlyList<KeyPart> Tools(IReadOnlyDictionary<string, string> versions)
    {
        var parts = new List<KeyPart>();
        Add(parts, "tool", versions);
        return parts;
    }

    /// <summary>Of files and links, by which it is seen whether another task made the same again.</summary>
    public static string Digest(IReadOnlyList<WorkFile> files)
    {
        using var hash = new CanonicalHash();
        hash.Add(files.Count);
        foreach (var file in files)
        {
            hash.Add(file.Path).Add(FileText(file));
        }
        return hash.Finish();
    }

    /// <summary>What a task makes itself is not what it reads, though its globs may say so (<c>**</c>).</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs) =>
        [.. inputs, .. outputs.Where(static one => !one.StartsWith('!')).Select(static one => $"!{one}")];

    public static string FileText(WorkFile file) =>
        file.IsLink ? $"-> {file.Digest}"
        : file.IsExecutable ? $"{file.Digest} x"
        : file.Digest;

    private static string Command(IReadOnlyList<string> words)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"{word.Length}:{word} ");
        }
        return text.ToString().TrimEnd();
    }

    private static string Salted(string value, byte[] salt) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(value)));

    // By names and not by pairs: .NET has sorting of texts compiled beforehand, and a run with nothing to do is mostly compiling.
    private static void Add(
        List<KeyPart> parts,
        string what,
        IReadOnlyDictionary<string, string> map,
        Func<string, string>? change = null
    )
    {
        string[] names = map.Count == 0 ? [] : [.. map.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
        {
            parts.Add(new($"{what} {name}", change is null ? map[name] : change(map[name])));
        }
    }
}

/// <summary>A task with all that its words meant filled in.</summary>
internal sealed record TaskWork(JobRun Run, JobTask Task, IWorkspace Workspace)
{
    public required IReadOnlyList<string> Words { get; init; }

    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    public string Name => $"{Run.Id}/{Task.Name}";

    /// <summary>Its part of the tests, sorted; null when they are not parted by a list.</summary>
    public IReadOnlyList<string>? Tests { get; init; }

    /// <summary>A name for a file of its own in <see cref="IWorkspace.LentFolder"/>.</summary>
    public string LentName(string what) =>
        $"{what}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)))[..16]}";

    /// <summary>Where its command finds such a file, on the machine as in a container.</summary>
    public string LentPath(string name) => FromFolder($"{IWorkspace.LentFolder}/{name}");

    /// <summary>A path of the workspace, from the folder that the task runs in.</summary>
    public string FromFolder(string path) =>
        Path.GetRelativePath(Path.Combine("/", Task.Folder), Path.Combine("/", path));

    /// <summary>How it is called before its lines: a job of one task by the job alone.</summary>
    public string Shown => Run.Job.Tasks.Count == 1 ? Run.Id : Name;
}
