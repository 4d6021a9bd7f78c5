using System.Globalization;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>What needs one command or none: pages as files, containers, models, apps for phones.</summary>
internal static class Plain
{
    private static readonly string[] Pages =
    [
        "index.html",
        "public/index.html",
        "site/index.html",
        "www/index.html",
        "htdocs/index.html",
    ];

    public static Sign Page { get; } =
        Signs.One("index.html", sight => sight.First(Pages) is { } page ? new(page, null, "is a page") : null);

    /// <summary>Files that are pages already.</summary>
    public static Answer Files(Sight sight) => Of(Kind.Web, "static", Paths.Folder(sight.First(Pages)!), [], []);

    /// <summary>A tool that writes pages where it is told to.</summary>
    public static Answer Written(string stack, params string[] command) =>
        Of(Kind.Web, stack, null, [command[0]], [command]);

    /// <summary>An image, built and run by Docker. Its program listens inside on the port that the file exposes.</summary>
    public static Answer Docker(Sight sight)
    {
        var exposed = sight
            .Lines("Dockerfile")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words is ["EXPOSE", ..]);
        var port =
            exposed is [_, var word, ..]
            && int.TryParse(word.Split('/')[0], CultureInfo.InvariantCulture, out var number)
                ? number
                : (int?)null;
        IReadOnlyList<string> network = port is { } inside
            ?
            [
                "--publish",
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{{port}}:{inside}"),
                "--env",
                string.Create(CultureInfo.InvariantCulture, $"PORT={inside}"),
            ]
            : ["--network", "host", "--env", "PORT={port}"];
        // The build notes the image's digest in the artifact, and xargs adds it to the words: the release runs exactly that
        // image, whatever a tag has come to mean since.
        return
            Of(
                Kind.Web,
                "dockerfile",
                null,
                ["docker"],
                [
                    ["docker", "build", "--iidfile", "{out}/image", "."],
                ]
            )
                is var answer
            ? answer with
            {
                Recipe = answer.Recipe with
                {
                    Run = ["xargs", "--arg-file=image", "docker", "run", "--rm", "--init", .. network],
                },
            }
            : answer;
    }

    /// <summary>A model in MLflow's format.</summary>
    public static Answer Mlflow(Sight sight) =>
        Of(Kind.Model, "mlflow", ".", ["mlflow"], []) is var answer
            ? answer with
            {
                Recipe = answer.Recipe with
                {
                    Run =
                    [
                        "mlflow",
                        "models",
                        "serve",
                        "--model-uri",
                        ".",
                        "--env-manager",
                        "local",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "{port}",
                    ],
                },
                HealthPath = "/ping",
            }
            : answer;

    /// <summary>A model that a server of models reads.</summary>
    public static Answer Onnx(Sight sight) =>
        Of(Kind.Model, "onnx", sight.Top(".onnx").Any() ? "." : Paths.Folder(OnnxFile(sight)!), [], []);

    public static Sign OnnxModel { get; } =
        Signs.One("*.onnx", sight => OnnxFile(sight) is { } file ? new(file, null, "is a model") : null);

    public static Answer Expo(Sight sight)
    {
        var package = sight.Know(NodePackage.Read);
        return Of(
            Kind.Mobile,
            "expo",
            null,
            package.Tool.Needs,
            [
                package.Tool.Install(withTools: true, package.Workspace?.Root ?? "."),
                ["npx", "--no-install", "expo", "export", "--output-dir", "{out}"],
            ]
        );
    }

    public static Answer ReactNative(Sight sight)
    {
        var package = sight.Know(NodePackage.Read);
        return Android(sight, "android/", "react-native") is var answer
            ? answer with
            {
                Recipe = answer.Recipe with
                {
                    Needs = [.. package.Tool.Needs, "java"],
                    Build =
                    [
                        package.Tool.Install(withTools: true, package.Workspace?.Root ?? "."),
                        .. answer.Recipe.Build,
                    ],
                },
            }
            : answer;
    }

    public static Answer Flutter(Sight sight) =>
        Of(
            Kind.Mobile,
            "flutter",
            "build/app/outputs/flutter-apk",
            ["flutter"],
            [
                ["flutter", "build", "apk", "--release"],
            ]
        );

    public static Answer Xcode(Sight sight)
    {
        var project = Paths.Stem(
            (sight.Top(".xcworkspace/").FirstOrDefault() ?? sight.Top(".xcodeproj/").First()).TrimEnd('/')
        );
        return Of(
            Kind.Mobile,
            "xcode",
            null,
            ["xcodebuild"],
            [
                ["xcodebuild", "archive", "-scheme", project, "-archivePath", "{out}/app.xcarchive"],
            ]
        );
    }

    /// <param name="folder">Of the Gradle project, ending in <c>/</c> or empty.</param>
    public static Answer Android(Sight sight, string folder, string stack)
    {
        IReadOnlyList<string> tool = sight.HasFile($"{folder}gradlew") ? ["sh", $"{folder}gradlew"] : ["gradle"];
        IReadOnlyList<string> place = folder.Length == 0 ? [] : ["--project-dir", folder.TrimEnd('/')];
        var module = sight.HasFolder($"{folder}app") ? $"{folder}app/" : folder;
        return Of(
            Kind.Mobile,
            stack,
            $"{module}build/outputs",
            tool is ["gradle"] ? ["java", "gradle"] : ["java"],
            [
                [.. tool, "--no-daemon", .. place, "assembleRelease"],
            ]
        );
    }

    private static string? OnnxFile(Sight sight) =>
        sight.Top(".onnx").FirstOrDefault()
        ?? ((string[])["model", "models"])
            .SelectMany(folder =>
                sight.Files.Where(file =>
                    Paths.Folder(file) == folder && file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                )
            )
            .FirstOrDefault();

    private static Answer Of(
        Kind kind,
        string stack,
        string? output,
        IReadOnlyList<string> needs,
        IReadOnlyList<IReadOnlyList<string>> build
    ) =>
        new(
            kind,
            new()
            {
                Stack = stack,
                Needs = needs,
                Build = build,
                Output = output,
            },
            []
        );
}
