using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Projects of Python, in an environment of their own.</summary>
internal static partial class PythonWork
{
    private const string Own = ".venv/bin/python";

    // Files that name what is wanted for working on it, as people call them.
    private static readonly string[] ForWork =
    [
        "requirements-dev.txt",
        "requirements-test.txt",
        "dev-requirements.txt",
        "test-requirements.txt",
        "requirements/dev.txt",
        "requirements/test.txt",
    ];

    public static Work Of(Part part)
    {
        part = part with { Made = [".venv", "**/__pycache__", "**/.*_cache"] };
        var (sight, project) = (part.Sight, part.Sight.Know(PythonProject.Read));
        var more = Array.Find(ForWork, sight.HasFile);
        var installs = project.Named.Count > 0 || more is not null;
        var python = installs ? Own : "python3";
        var tools = new Dictionary<string, string>(StringComparer.Ordinal) { ["python"] = Version(sight, project) };
        if (project.Tool is "uv" or "poetry")
        {
            tools[project.Tool] = "";
        }
        bool Wants(string name) => project.Has(name) || Names(sight, more, name);
        List<JobTask> checks = installs ? [.. Install(part, project, more)] : [];
        foreach (var (name, program, words) in Checkers)
        {
            if (Wants(program))
            {
                checks.Add(part.Check(name, [python, "-m", .. words]));
            }
        }
        checks.AddRange(Tests(part, python, Wants));
        return new(tools, checks)
        {
            Made = part.Made,
            Caches =
                installs && Folder(project) is { } folder
                    ? [folder with { Key = [.. folder.Key.Where(sight.HasFile).Select(part.In)] }]
                    : [],
            Audit = Wants("pip-audit")
                ? [.. Install(part, project, more), part.Do("audit", Own, "-m", "pip_audit")]
                : [],
            Installs = static words =>
                words
                    is ["python3", "-m", "venv", ..]
                        or [Own, "-m", "pip", ..]
                        or [Own, "-m", "pipenv", ..]
                        or ["uv", ..]
                || words.Contains("poetry"),
        };
    }

    private static readonly (string Name, string Program, string[] Words)[] Checkers =
    [
        ("lint", "ruff", ["ruff", "check", "."]),
        ("lint", "flake8", ["flake8"]),
        ("format", "black", ["black", "--check", "."]),
        ("types", "mypy", ["mypy", "."]),
    ];

    private static IEnumerable<JobTask> Tests(Part part, string python, Func<string, bool> wants)
    {
        if (wants("pytest"))
        {
            yield return part.Check("test", python, "-m", "pytest", "--junitxml=reports/pytest.xml") with
            {
                Reports = [part.In("reports/pytest.xml")],
            };
        }
        else if (part.Detected.Stack == "django")
        {
            yield return part.Check("test", python, "manage.py", "test");
        }
        else if (
            part.Sight.Files.Any(static file =>
                Paths.Name(file) is var name
                && name.StartsWith("test_", StringComparison.Ordinal)
                && name.EndsWith(".py", StringComparison.Ordinal)
            )
        )
        {
            yield return part.Check("test", python, "-m", "unittest", "discover");
        }
    }

    private static IEnumerable<JobTask> Install(Part part, PythonProject project, string? more)
    {
        switch (project.Tool)
        {
            case "uv":
                return [part.Do("install", "uv", "sync", "--frozen")];
            case "poetry":
                return
                [
                    part.Do("install", "poetry", "install", "--no-interaction") with
                    {
                        Env = new Dictionary<string, string> { ["POETRY_VIRTUALENVS_IN_PROJECT"] = "true" },
                    },
                ];
            case "pipenv":
                return
                [
                    part.Do("environment", "python3", "-m", "venv", "--clear", ".venv"),
                    part.Do("pipenv", Own, "-m", "pip", "install", "pipenv"),
                    part.Do("install", Own, "-m", "pipenv", "sync", "--dev", "--system"),
                ];
            default:
                var own =
                    part.Sight.HasFile("requirements.txt") ? (string[])["-r", "requirements.txt"]
                    : part.Sight.HasFile("pyproject.toml") ? ["."]
                    : [];
                return
                [
                    part.Do("environment", "python3", "-m", "venv", "--clear", ".venv"),
                    part.Do(
                        "install",
                        [Own, "-m", "pip", "install", .. own, .. more is null ? (string[])[] : ["-r", more]]
                    ),
                ];
        }
    }

    private static KeptFolder? Folder(PythonProject project) =>
        project.Tool switch
        {
            "uv" => new(["~/.cache/uv"], ["uv.lock"]),
            "poetry" => new(["~/.cache/pypoetry"], ["poetry.lock"]),
            _ => new(["~/.cache/pip"], ["requirements.txt", "Pipfile.lock", "pyproject.toml"]),
        };

    private static bool Names(Sight sight, string? file, string package) =>
        (
            file is not null
            && sight.Find(file, line => line.Trim().StartsWith(package, StringComparison.OrdinalIgnoreCase), "")
                is not null
        )
        // Groups for working on it stand there in several forms, all with the name in quotes.
        || sight.Find(
            "pyproject.toml",
            line =>
                line.Contains($"\"{package}", StringComparison.Ordinal)
                || line.StartsWith($"{package} =", StringComparison.Ordinal),
            ""
        )
            is not null;

    private static string Version(Sight sight, PythonProject project) =>
        Number()
            .Match(
                sight.HasFile(".python-version")
                    ? sight.Text(".python-version")
                    : project.Toml.Word("project", "requires-python") ?? ""
            )
            .Value;

    [GeneratedRegex(@"[0-9]+\.[0-9]+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
