using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>How programs of the Java machine are built by Maven or Gradle, and run.</summary>
internal static partial class Jvm
{
    private const string Pom = "pom.xml";
    private static readonly string[] GradleFiles = ["build.gradle.kts", "build.gradle"];
    private static readonly string[] SettingsFiles = ["settings.gradle.kts", "settings.gradle"];
    private static readonly Sources Sources = new(".java", ".kt", ".scala");

    /// <summary>The name that Maven gives the archive, when pom.xml says it in so many words.</summary>
    public static Sign MavenArchive { get; } =
        Signs.One(
            "literal artifactId and version in pom.xml",
            sight => Archive(sight) is { } jar ? sight.Find(Pom, "<artifactId>", $"makes {jar}") : null
        );

    /// <summary>A class with a main method.</summary>
    public static Sign MainClass { get; } = Signs.One("class with a main method", sight => Main(sight)?.Seen);

    public static Sign GradleArchive { get; } =
        Signs.One(
            "rootProject.name in settings.gradle",
            sight => GradleName(sight) is { } name ? new(sight.First(SettingsFiles)!, null, $"names it {name}") : null
        );

    public static Answer SpringMaven(Sight sight) =>
        Maven(sight, "spring-boot", ["java", "-jar", Archive(sight)!, "--server.port={port}"]) with
        {
            Listens = null,
            HealthPath = sight.Find(Pom, "spring-boot-starter-actuator", "") is null ? null : "/actuator/health",
        };

    public static Answer SpringGradle(Sight sight)
    {
        var file = sight.First(GradleFiles)!;
        var version = sight.Lines(file).Select(line => Version().Match(line)).FirstOrDefault(match => match.Success);
        var jar = version is null
            ? $"{GradleName(sight)}.jar"
            : $"{GradleName(sight)}-{version.Groups["version"].Value}.jar";
        var answer = Gradle(
            sight,
            "spring-boot",
            ("bootJar", "build/libs"),
            ["java", "-jar", jar, "--server.port={port}"]
        );
        return answer with
        {
            Kind = Kind.Api,
            Listens = null,
            HealthPath = sight.Find(file, "spring-boot-starter-actuator", "") is null ? null : "/actuator/health",
        };
    }

    public static Answer Quarkus(Sight sight)
    {
        var answer = Maven(sight, "quarkus", ["java", "-Dquarkus.http.port={port}", "-jar", "quarkus-run.jar"]);
        var health = sight.Find(Pom, "quarkus-smallrye-health", "") is null ? null : "/q/health/ready";
        return answer with
        {
            Recipe = answer.Recipe with { Output = "target/quarkus-app" },
            Listens = null,
            HealthPath = health,
        };
    }

    public static Answer MavenProgram(Sight sight)
    {
        var main = Main(sight)!.Value.Class;
        var answer = Maven(sight, "java", ["java", "-cp", $"{Archive(sight)}:lib/*", main]);
        var (kind, because) = Audience.OfProgram(sight, Sources, Pom);
        return answer with
        {
            Kind = kind,
            Because = because,
            Recipe = answer.Recipe with
            {
                // Next to the archive, where the command that starts it finds them.
                Build =
                [
                    .. answer.Recipe.Build,
                    [
                        .. Tool(sight, "mvn"),
                        "-B",
                        "dependency:copy-dependencies",
                        "-DincludeScope=runtime",
                        "-DoutputDirectory=target/lib",
                    ],
                ],
            },
        };
    }

    public static Answer GradleProgram(Sight sight)
    {
        var name = GradleName(sight)!;
        var answer = Gradle(sight, "java", ("installDist", $"build/install/{name}"), [$"bin/{name}"]);
        var (kind, because) = Audience.OfProgram(sight, Sources, sight.First(GradleFiles)!);
        return answer with { Kind = kind, Because = because };
    }

    private static Answer Maven(Sight sight, string stack, IReadOnlyList<string> run)
    {
        var tool = Tool(sight, "mvn");
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = tool is ["mvn"] ? ["java", "mvn"] : ["java"],
            Build =
            [
                [.. tool, "-B", "package", "-DskipTests"],
            ],
            Output = "target",
            Run = run,
        };
        return new(Kind.Api, recipe, [], Sources);
    }

    private static Answer Gradle(
        Sight sight,
        string stack,
        (string Task, string Output) made,
        IReadOnlyList<string> run
    )
    {
        var tool = Tool(sight, "gradle");
        var recipe = new Recipe
        {
            Stack = stack,
            Needs = tool is ["gradle"] ? ["java", "gradle"] : ["java"],
            Build =
            [
                [.. tool, "--no-daemon", made.Task],
            ],
            Output = made.Output,
            Run = run,
        };
        return new(Kind.Api, recipe, [], Sources);
    }

    /// <summary>The wrapper that the project brings, which is the version its authors use; it need not be marked executable.</summary>
    public static IReadOnlyList<string> Tool(Sight sight, string tool) =>
        (
            tool,
            Maven: sight.HasFile("mvnw") && sight.HasFile(".mvn/wrapper/maven-wrapper.properties"),
            Gradle: sight.HasFile("gradlew")
        ) switch
        {
            ("mvn", true, _) => ["sh", "mvnw"],
            ("gradle", _, true) => ["sh", "gradlew"],
            _ => [tool],
        };

    private static string? Archive(Sight sight)
    {
        var project = Xml.Read(sight, Pom);
        if (project is null)
        {
            return null;
        }
        var ending = project.Child("packaging") is "war" ? ".war" : ".jar";
        var parent = project.Elements().FirstOrDefault(element => element.Name.LocalName == "parent");
        var build = project.Elements().FirstOrDefault(element => element.Name.LocalName == "build");
        string?[] parts = [project.Child("artifactId"), project.Child("version") ?? parent.Child("version")];
        return build.Child("finalName") is { } final ? (Xml.IsLiteral(final) ? final + ending : null)
            : parts.All(part => part is not null && Xml.IsLiteral(part)) ? $"{parts[0]}-{parts[1]}{ending}"
            : null;
    }

    private static (string Class, Evidence Seen)? Main(Sight sight)
    {
        if (Xml.Read(sight, Pom).Literal("mainClass") is { } said)
        {
            return (said, sight.Find(Pom, said, "names the main class") ?? new(Pom, null, "names the main class"));
        }
        foreach (
            var file in sight
                .Files.Where(file =>
                    file.StartsWith("src/main/java/", StringComparison.Ordinal)
                    && file.EndsWith(".java", StringComparison.Ordinal)
                )
                .Take(200)
        )
        {
            if (sight.Find(file, line => MainMethod().IsMatch(line), "begins the program") is { } seen)
            {
                return (
                    Paths.Stem(file) is var name
                    && Paths.Folder(file)["src/main/java".Length..].Trim('/') is { Length: > 0 } folder
                        ? $"{folder.Replace('/', '.')}.{name}"
                        : Paths.Stem(file),
                    seen
                );
            }
        }
        return null;
    }

    private static string? GradleName(Sight sight) =>
        SettingsFiles
            .SelectMany(sight.Lines)
            .Select(line => RootName().Match(line))
            .FirstOrDefault(match => match.Success)
            ?.Groups["name"]
            .Value;

    [GeneratedRegex(
        @"^\s*rootProject\.name\s*=\s*['""](?<name>[\w.-]+)['""]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex RootName();

    [GeneratedRegex(
        @"^version\s*=?\s*['""](?<version>[\w.+-]+)['""]",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Version();

    [GeneratedRegex(@"\bstatic\s+void\s+main\s*\(", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MainMethod();
}
