using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How Python programs are built and run.</summary>
/// <remarks>
/// Packages go into <c>.venv</c> beside the source and become a part of the artifact. A virtual environment may be moved as
/// long as nobody uses the scripts in its <c>bin</c>, whose first line names the place where they were made: so everything is
/// asked for as <c>.venv/bin/python -m name</c>. It is made anew each time, or packages that nobody wants any more would stay.
/// </remarks>
internal static partial class PythonRecipes
{
    private const string Own = ".venv/bin/python";

    private static readonly string[] Folders = ["", "src/", "app/", "src/app/", "backend/", "api/"];
    private static readonly string[] Modules =
    [
        "main.py",
        "app.py",
        "server.py",
        "api.py",
        "wsgi.py",
        "asgi.py",
        "application.py",
        "__init__.py",
    ];

    public static Sources Sources { get; } = new(".py");

    /// <summary>A module in which an app object of the framework is made: <c>app = FastAPI()</c>.</summary>
    public static Sign AppObject(string framework) =>
        Signs.One($"module with an app = {framework}(...)", sight => Object(sight, framework)?.Seen);

    /// <summary>A file that Python can be asked to run.</summary>
    public static Sign MainFile { get; } =
        Signs.One(
            "main.py, app.py or server.py",
            sight =>
                sight.First("main.py", "app.py", "server.py", "src/main.py", "worker.py", "bot.py") is { } file
                    ? new(file, null, "is there")
                    : null
        );

    public static Answer Asgi(Sight sight, string stack, string framework)
    {
        var (_, file, name) = Object(sight, framework)!.Value;
        var (folder, module) = Module(sight, file);
        // An app that never asked for a server would not start with the one that we would like.
        var server = sight
            .Know(PythonProject.Read)
            .First("uvicorn", "hypercorn", "granian", "daphne")
            ?.Says.Split(' ')[^1];
        IReadOnlyList<string> run = server switch
        {
            "hypercorn" => ["hypercorn", "--bind", "127.0.0.1:{port}", $"{module}:{name}"],
            "granian" =>
            [
                "granian",
                "--interface",
                "asgi",
                "--host",
                "127.0.0.1",
                "--port",
                "{port}",
                $"{module}:{name}",
            ],
            "daphne" => ["daphne", "-b", "127.0.0.1", "-p", "{port}", $"{module}:{name}"],
            _ =>
            [
                "uvicorn",
                $"{module}:{name}",
                "--host",
                "127.0.0.1",
                "--port",
                "{port}",
                .. folder.Length > 0 ? ["--app-dir", folder] : Array.Empty<string>(),
            ],
        };
        return Project(sight, stack, [Own, "-m", .. run]) with { Kind = Kind.Api };
    }

    public static Answer Flask(Sight sight)
    {
        var (_, file, name) = Object(sight, "Flask")!.Value;
        var (folder, module) = Module(sight, file);
        var path = folder.Length > 0 ? $"{folder}/{module.Replace('.', '/')}" : module;
        var server = WsgiServer(sight, module, name, folder);
        var answer = Project(
            sight,
            "flask",
            [Own, "-m", .. server ?? ["flask", "--app", path, "run", "--host", "127.0.0.1", "--port", "{port}"]]
        );
        var (kind, because) = Audience.Of(sight, Sources);
        return answer with
        {
            Kind = kind,
            Because =
            [
                .. answer.Because,
                .. because,
                .. server is null
                    ? (Evidence[])
                        [new(file, null, "runs on Flask's own server, since no gunicorn or waitress is named")]
                    : [],
            ],
        };
    }

    public static Answer Django(Sight sight)
    {
        var settings = SettingsModule(sight);
        var project = settings.Split('.')[0];
        var server = WsgiServer(sight, $"{project}.wsgi", "application", "");
        var answer = Project(
            sight,
            "django",
            server is null ? [Own, "manage.py", "runserver", "--noreload", "127.0.0.1:{port}"] : [Own, "-m", .. server]
        );
        var file = sight.First($"{settings.Replace('.', '/')}.py", $"{settings.Replace('.', '/')}/__init__.py");
        var collects =
            sight.Know(PythonProject.Read).Has("whitenoise")
            && file is not null
            && sight.Find(file, "STATIC_ROOT", "") is not null;
        return collects
            ? answer with
            {
                Recipe = answer.Recipe with
                {
                    Build = [.. answer.Recipe.Build, [Own, "manage.py", "collectstatic", "--noinput"]],
                },
            }
            : answer;
    }

    public static Answer Streamlit(Sight sight)
    {
        var file = sight.First("streamlit_app.py", "app.py", "main.py", "Home.py", "src/app.py")!;
        return Project(
            sight,
            "streamlit",
            [
                Own,
                "-m",
                "streamlit",
                "run",
                file,
                "--server.port",
                "{port}",
                "--server.address",
                "127.0.0.1",
                "--server.headless",
                "true",
            ]
        ) with
        {
            HealthPath = "/_stcore/health",
        };
    }

    /// <summary>A file that is run as it is.</summary>
    public static Answer Plain(Sight sight)
    {
        var file = MainFile.Look(sight)![0].Path;
        var needs = sight.Know(PythonProject.Read) is { Tool: not null, Named.Count: > 0 };
        var answer = Project(sight, "python", [needs ? Own : "python3", file]);
        var (kind, because) = Audience.OfProgram(sight, Sources, file);
        return answer with { Kind = kind, Because = [.. answer.Because, .. because] };
    }

    /// <summary>A program among the project's packages, as a process of it is started.</summary>
    public static IReadOnlyList<string> Within(IReadOnlyList<string> words) =>
        words[0] switch
        {
            "python" or "python3" => [Own, .. words.Skip(1)],
            "gunicorn"
            or "uvicorn"
            or "celery"
            or "flask"
            or "hypercorn"
            or "daphne"
            or "streamlit"
            or "rq"
            or "huey"
            or "dramatiq" => [Own, "-m", .. words],
            "waitress-serve" => [Own, "-m", "waitress", .. words.Skip(1)],
            _ => words,
        };

    private static Answer Project(Sight sight, string stack, IReadOnlyList<string> run)
    {
        var project = sight.Know(PythonProject.Read);
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = project.Tool is "uv" or "poetry" ? ["python3", project.Tool] : ["python3"],
            Build = project.Named.Count == 0 ? [] : Install(sight, project),
            Output = ".",
            Run = run,
        };
        return new(Kind.Web, recipe, [], Sources);
    }

    private static IReadOnlyList<IReadOnlyList<string>> Install(Sight sight, PythonProject project) =>
        project.Tool switch
        {
            // Not editable: that would be a link to the folder in which it was built.
            "uv" =>
            [
                ["uv", "sync", "--frozen", "--no-dev", "--no-editable"],
            ],
            "poetry" =>
            [
                [
                    "env",
                    "POETRY_VIRTUALENVS_IN_PROJECT=true",
                    "poetry",
                    "install",
                    "--only",
                    "main",
                    "--no-root",
                    "--sync",
                    "--no-interaction",
                ],
            ],
            "pipenv" =>
            [
                ["python3", "-m", "venv", "--clear", ".venv"],
                [Own, "-m", "pip", "install", "pipenv"],
                [Own, "-m", "pipenv", "sync", "--system"],
            ],
            _ =>
            [
                ["python3", "-m", "venv", "--clear", ".venv"],
                [
                    Own,
                    "-m",
                    "pip",
                    "install",
                    .. sight.HasFile("requirements.txt") ? ["-r", "requirements.txt"] : (string[])["."],
                ],
            ],
        };

    private static IReadOnlyList<string>? WsgiServer(Sight sight, string module, string name, string folder) =>
        sight.Know(PythonProject.Read).First("gunicorn", "waitress")?.Says.Split(' ')[^1] switch
        {
            "gunicorn" =>
            [
                "gunicorn",
                "--bind",
                "127.0.0.1:{port}",
                .. folder.Length > 0 ? ["--pythonpath", folder] : Array.Empty<string>(),
                $"{module}:{name}",
            ],
            "waitress" when folder.Length == 0 => ["waitress", "--listen=127.0.0.1:{port}", $"{module}:{name}"],
            _ => null,
        };

    private static (Evidence Seen, string File, string Name)? Object(Sight sight, string framework)
    {
        foreach (
            var file in Folders.SelectMany(folder => Modules.Select(module => folder + module)).Where(sight.HasFile)
        )
        {
            if (sight.Find(file, line => Made(line, framework) is not null, $"makes the {framework} app") is { } seen)
            {
                return (seen, file, Made(sight.Lines(file)[seen.Line!.Value - 1], framework)!);
            }
        }
        return null;
    }

    // app = FastAPI(title="Shop")     app: Flask = flask.Flask(__name__)
    private static string? Made(string line, string framework) =>
        Assignment().Match(line) is { Success: true } made
        && made.Groups["type"].Value is var type
        && (type == framework || type.EndsWith("." + framework, StringComparison.Ordinal))
            ? made.Groups["name"].Value
            : null;

    // What is imported from src, and from where: a folder that is a package is a part of the module's name.
    private static (string Folder, string Module) Module(Sight sight, string file)
    {
        var module = (
            file.EndsWith("/__init__.py", StringComparison.Ordinal) ? Paths.Folder(file) : file[..^3]
        ).Replace('/', '.');
        return module.StartsWith("src.", StringComparison.Ordinal) && !sight.HasFile("src/__init__.py")
            ? ("src", module[4..])
            : ("", module);
    }

    private static string SettingsModule(Sight sight)
    {
        const string name = "DJANGO_SETTINGS_MODULE";
        var line = sight.Lines("manage.py").FirstOrDefault(line => line.Contains(name, StringComparison.Ordinal)) ?? "";
        return Quoted().Matches(line).Select(match => match.Groups["word"].Value).FirstOrDefault(word => word != name)
            ?? "config.settings";
    }

    [GeneratedRegex(
        @"^(?<name>\w+)\s*(:\s*[\w.]+\s*)?=\s*(?<type>[\w.]+)\(",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Assignment();

    [GeneratedRegex(@"['""](?<word>[\w.]+)['""]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
