using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Engine.Manifests.Detecting.Stacks;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Projects of Maven and Gradle, by the wrapper that they bring.</summary>
internal static partial class JvmWork
{
    public static Work Of(Part part)
    {
        var isMaven = part.Sight.HasFile("pom.xml");
        part = part with { Made = isMaven ? ["**/target"] : ["**/build", ".gradle"] };
        var test = isMaven
            ? part.Check("test", [.. Jvm.Tool(part.Sight, "mvn"), "-B", "test"]) with
            {
                Reports = [part.In("**/target/surefire-reports/*.xml")],
            }
            : part.Check("test", [.. Jvm.Tool(part.Sight, "gradle"), "--no-daemon", "check"]) with
            {
                Reports = [part.In("**/build/test-results/**/*.xml")],
            };
        return new(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["java"] = Version(part.Sight) },
            part.Sight.Files.Any(static file => file.Contains("src/test/", StringComparison.Ordinal)) ? [test] : []
        )
        {
            Made = part.Made,
            Caches =
            [
                isMaven
                    ? new(["~/.m2/repository"], [part.In("**/pom.xml")])
                    : new(
                        ["~/.gradle/caches", "~/.gradle/wrapper"],
                        [part.In("**/*.gradle*"), part.In("**/gradle-wrapper.properties")]
                    ),
            ],
        };
    }

    private static string Version(Sight sight)
    {
        var project = Xml.Read(sight, "pom.xml");
        return project.Literal("maven.compiler.release")
            ?? project.Literal("java.version")
            ?? project.Literal("maven.compiler.target")
            ?? ((string[])["build.gradle.kts", "build.gradle"])
                .Select(file => Toolchain().Match(sight.Text(file)))
                .FirstOrDefault(static one => one.Success)
                ?.Groups["version"]
                .Value
            ?? "";
    }

    [GeneratedRegex(
        @"JavaLanguageVersion\.of\((?<version>[0-9]+)\)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Toolchain();
}
