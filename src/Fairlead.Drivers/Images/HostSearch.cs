using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>
/// Finds what a program needs of this machine: from the program's own tables its loader and libraries, and for a runtime whose rest is
/// known (Node, Python, .NET) its folders. It is how an image is made where no registry can be asked for a base.
/// </summary>
internal sealed class HostSearch(string path, string artifact, CancellationToken stop)
{
    private const int LinksMax = 40;
    private const int EntriesMax = 200_000;

    // What Python finds of no use when it serves.
    private static readonly HashSet<string> PythonLeaves = new(StringComparer.Ordinal)
    {
        "__pycache__",
        "dist-packages",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "site-packages",
        "test",
        "tests",
        "tkinter",
        "turtledemo",
    };

    private readonly Dictionary<string, LayerEntry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> looked = new(StringComparer.Ordinal);
    private readonly List<string> missing = [];
    private readonly List<string> folders = [];
    private readonly Dictionary<string, string> env = new(StringComparer.Ordinal);
    private string architecture = "";

    public HostRuntime Find(string program)
    {
        var found = Locate(program);
        var elf = ElfFile.TryReadFile(found) ?? throw new ProblemException(NoProgram(program, found));
        architecture = elf.Architecture;
        var isOwn = IsWithin(found, artifact);
        var words = isOwn ? $"libraries for {program}" : Add(program, found);
        Libraries(found, elf);
        foreach (
            var file in Directory.EnumerateFiles(
                artifact,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
            )
        )
        {
            // Addons, and programs beside the one that is started.
            Look(file);
        }
        var isStatic = entries.Count == 0;
        Customary();
        return new(
            new(architecture, "linux"),
            isStatic,
            isStatic ? "nothing: it is linked statically" : words,
            [.. entries.Values]
        )
        {
            Missing = [.. missing.Distinct().Order(StringComparer.Ordinal)],
            Path = [.. folders.Distinct()],
            Env = env,
        };
    }

    // The first on the PATH that is a program: shims are scripts that look for it themselves.
    private string Locate(string program)
    {
        string[] places = program.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(program, artifact)]
            :
            [
                .. path.Split(':', StringSplitOptions.RemoveEmptyEntries)
                    .Where(Path.IsPathRooted)
                    .Select(one => Path.Combine(one, program)),
            ];
        var files = places.Where(File.Exists).Select(Real).ToList();
        return files.Count == 0
            ? throw new ProblemException(Absent(program))
            : files.FirstOrDefault(static one => ElfFile.TryReadFile(one) is not null) ?? files[0];
    }

    private string Add(string program, string found)
    {
        var name = Path.GetFileName(found);
        AddPath(found);
        folders.Add("/" + Path.GetDirectoryName(found)!.TrimStart('/'));
        if (Path.GetFileName(program) is var word && word != name)
        {
            // node may be nodejs, and python3 python3.11: the recipe's word must be found.
            entries[$"usr/local/bin/{word}"] = new LayerEntry.Link($"usr/local/bin/{word}", found);
            folders.Add("/usr/local/bin");
        }
        if (name.StartsWith("python", StringComparison.Ordinal))
        {
            Python(found);
        }
        else if (name is "dotnet")
        {
            DotNet(Path.GetDirectoryName(found)!);
        }
        else if (name is "node" or "nodejs" && found.StartsWith("/usr/bin/", StringComparison.Ordinal))
        {
            // Debian's own keeps a part of its library outside of the program.
            AddFolder("/usr/share/nodejs", static _ => false);
        }
        else if (
            name.StartsWith("ruby", StringComparison.Ordinal)
            || name.StartsWith("php", StringComparison.Ordinal)
            || name is "java" or "perl"
        )
        {
            throw new ProblemException(NeedsMore(program));
        }
        return $"{program} of this machine, from {found}";
    }

    private void Python(string found)
    {
        var library = Path.Combine(
            Path.GetDirectoryName(Path.GetDirectoryName(found))!,
            "lib",
            Path.GetFileName(found)
        );
        if (!Directory.Exists(library))
        {
            throw new ProblemException(NeedsMore(found));
        }
        AddFolder(
            library,
            static name => PythonLeaves.Contains(name) || name.StartsWith("config-", StringComparison.Ordinal)
        );
        env["PYTHONDONTWRITEBYTECODE"] = "1";
    }

    private void DotNet(string root)
    {
        // The newest of each; the program's own roll forward decides, as it does here.
        foreach (var framework in Folders(Path.Combine(root, "shared")).Append(Path.Combine(root, "host", "fxr")))
        {
            if (
                Folders(framework)
                    .OrderBy(static one => Version.TryParse(Path.GetFileName(one), out var version) ? version : new())
                    .LastOrDefault() is
                { } newest
            )
            {
                AddFolder(newest, static _ => false);
            }
        }
        foreach (var name in new[] { "libssl.so.3", "libcrypto.so.3", "libz.so.1" })
        {
            // It opens these only when it needs them, so its tables do not name them.
            if (Library(name, []) is { } library)
            {
                AddPath(library);
                Look(Real(library));
            }
        }
        env["DOTNET_ROOT"] = root;
        env["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private void AddFolder(string folder, Func<string, bool> leaves)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }
        foreach (var one in Directory.EnumerateFileSystemEntries(folder))
        {
            stop.ThrowIfCancellationRequested();
            if (leaves(Path.GetFileName(one)))
            {
                continue;
            }
            if (Directory.Exists(one) && new DirectoryInfo(one).LinkTarget is null)
            {
                AddFolder(one, leaves);
            }
            else if (File.Exists(one))
            {
                AddPath(one);
                Look(Real(one));
            }
        }
    }

    private void Look(string file)
    {
        stop.ThrowIfCancellationRequested();
        if (looked.Add(file) && ElfFile.TryReadFile(file) is { } elf && elf.Architecture == architecture)
        {
            Libraries(file, elf);
        }
    }

    private void Libraries(string file, ElfFile elf)
    {
        looked.Add(file);
        if (elf.Loader is { } loader && File.Exists(loader))
        {
            AddPath(loader);
        }
        var own = elf
            .Paths.Select(one =>
                one.Replace("$ORIGIN", Path.GetDirectoryName(file), StringComparison.Ordinal)
                    .Replace("${ORIGIN}", Path.GetDirectoryName(file), StringComparison.Ordinal)
            )
            .ToList();
        foreach (var name in elf.Needed)
        {
            if (Library(name, own.Append(Path.GetDirectoryName(file)!)) is not { } library)
            {
                missing.Add(name);
            }
            else if (!IsWithin(library, artifact))
            {
                AddPath(library);
                Look(Real(library));
            }
        }
    }

    private string? Library(string name, IEnumerable<string> own) =>
        name.Contains('/', StringComparison.Ordinal) || name.Length == 0
            ? File.Exists(name)
                ? name
                : null
            : own.Concat(Usual)
                .Select(folder => Path.Combine(folder, name))
                .FirstOrDefault(file =>
                    File.Exists(file) && ElfFile.TryReadFile(Real(file))?.Architecture == architecture
                );

    private IEnumerable<string> Usual
    {
        get
        {
            var triplet = architecture switch
            {
                "amd64" => "x86_64-linux-gnu",
                "arm64" => "aarch64-linux-gnu",
                var other => $"{other}-linux-gnu",
            };
            return
            [
                $"/lib/{triplet}",
                $"/usr/lib/{triplet}",
                "/lib64",
                "/usr/lib64",
                "/lib",
                "/usr/lib",
                "/usr/local/lib",
                .. Configured,
            ];
        }
    }

    private static IReadOnlyList<string> Configured { get; } =
        Directory.Exists("/etc/ld.so.conf.d")
            ?
            [
                .. Directory
                    .EnumerateFiles("/etc/ld.so.conf.d", "*.conf")
                    .Order(StringComparer.Ordinal)
                    .SelectMany(File.ReadLines)
                    .Select(static line => line.Trim())
                    .Where(static line => line.StartsWith('/')),
            ]
            : [];

    // Every link on the way is kept as the link that it is, so that what is found here by any name is found there.
    private void AddPath(string wanted)
    {
        var (at, links) = (wanted, 0);
        for (var slash = 1; slash > 0; )
        {
            slash = at.IndexOf('/', slash);
            var prefix = slash < 0 ? at : at[..slash];
            if (new FileInfo(prefix).LinkTarget is { } target)
            {
                if (++links > LinksMax)
                {
                    throw new ProblemException(Absent(wanted));
                }
                Put(new LayerEntry.Link(prefix.TrimStart('/'), target));
                at = Path.GetFullPath(target, Path.GetDirectoryName(prefix)!) + (slash < 0 ? "" : at[slash..]);
                slash = 1;
                continue;
            }
            slash = slash < 0 ? 0 : slash + 1;
        }
        if (File.Exists(at))
        {
            Put(new LayerEntry.Copy(at.TrimStart('/'), at, File.GetUnixFileMode(at).HasFlag(UnixFileMode.UserExecute)));
        }
    }

    private void Put(LayerEntry entry)
    {
        if (entries.Count >= EntriesMax)
        {
            throw new ProblemException(NeedsMore(entry.Path));
        }
        entries[entry.Path] = entry;
    }

    // What programs ask a system for without saying so.
    private void Customary()
    {
        foreach (var file in new[] { "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/openssl.cnf" })
        {
            if (File.Exists(file))
            {
                AddPath(file);
            }
        }
    }

    private static string Real(string file)
    {
        for (var links = 0; links < LinksMax && new FileInfo(file).LinkTarget is { } target; links++)
        {
            file = Path.GetFullPath(target, Path.GetDirectoryName(file)!);
        }
        return file;
    }

    private static bool IsWithin(string file, string folder) =>
        file.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static Problem Absent(string program) =>
        new(
            "image.program-missing",
            What: $"'{program}' is not here to be put into an image.",
            Why: "It is neither in the artifact nor on the server's PATH.",
            Fix: "Choose a base image that has it: fairlead image build --base python:3.13-slim"
        );

    private static Problem NoProgram(string program, string found) =>
        new(
            "image.program-script",
            What: $"'{program}' cannot be put into an image by itself.",
            Why: $"{found} is a script or of another kind of machine: what it needs cannot be found out.",
            Fix: "Choose a base image that has it: fairlead image build --base node:22-slim"
        );

    private static Problem NeedsMore(string program) =>
        new(
            "image.needs-base",
            What: $"'{program}' cannot be put into an image from this machine.",
            Why: "It needs more of the system than can be found out.",
            Fix: "Choose a base image that has it, such as: fairlead image build --base eclipse-temurin:21-jre"
        );
}
