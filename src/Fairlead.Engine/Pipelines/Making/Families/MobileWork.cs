using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Apps for phones: checked by the tools of what they are written with, built for the stores.</summary>
internal static class MobileWork
{
    public static Work Of(Part part) =>
        part.Detected.Stack switch
        {
            "expo" or "react-native" => NodeWork.Of(part),
            "maui" => new(DotnetWork.Of(part).Tools, [part.Do("workloads", "dotnet", "workload", "restore")])
            {
                Machine = "windows",
            },
            "flutter" => Flutter(part),
            "android" => Android(part),
            _ => new(new Dictionary<string, string>(), []) { Machine = "macos" },
        };

    private static Work Flutter(Part part)
    {
        part = part with { Made = ["build", ".dart_tool"] };
        List<JobTask> checks =
        [
            part.Do("install", "flutter", "pub", "get"),
            part.Check("format", "dart", "format", "--output=none", "--set-exit-if-changed", "lib"),
            part.Check("lint", "flutter", "analyze"),
        ];
        if (part.Sight.HasFolder("test"))
        {
            checks.Add(part.Check("test", "flutter", "test"));
        }
        return new(new Dictionary<string, string>(StringComparer.Ordinal) { ["flutter"] = "" }, checks)
        {
            Made = part.Made,
            Caches = part.Sight.HasFile("pubspec.lock") ? [new(["~/.pub-cache"], [part.In("pubspec.lock")])] : [],
        };
    }

    private static Work Android(Part part)
    {
        var work = JvmWork.Of(part);
        part = part with { Made = ["**/build", ".gradle"] };
        IReadOnlyList<string> gradle = part.Sight.HasFile("gradlew") ? ["sh", "gradlew"] : ["gradle"];
        return work with
        {
            Checks =
            [
                part.Check("lint", [.. gradle, "--no-daemon", "lint"]),
                part.Check("test", [.. gradle, "--no-daemon", "testDebugUnitTest"]) with
                {
                    Reports = [part.In("**/build/test-results/**/*.xml")],
                },
            ],
        };
    }
}
