using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Tasks of Azure that call one program, as what they call.</summary>
internal static class AzureCommands
{
    /// <summary>Null when it is another task, or cannot be said.</summary>
    /// <param name="task">In capitals, without its version.</param>
    public static string? Of(string task, Node step, AzureReading texts) =>
        task switch
        {
            "DOTNETCORECLI" => DotNet(step, texts),
            "NPM" => Npm(step, texts),
            "MAVEN" => Maven(step),
            "GRADLE" => Gradle(step),
            _ => null,
        };

    private static string? DotNet(Node step, AzureReading texts)
    {
        var command = AzureStepsImport.Input(step, "command") ?? "build";
        if (command is not ("build" or "test" or "restore" or "publish" or "pack" or "run" or "custom"))
        {
            return null;
        }
        var word = command == "custom" ? AzureStepsImport.Input(step, "custom") ?? "" : command;
        var arguments = AzureStepsImport.Input(step, "arguments");
        var projects = texts
            .Literally(AzureStepsImport.Input(step, "projects", "packagesToPack") ?? "")
            .Trim()
            .Replace('\\', '/');
        if (projects.IndexOfAny(['\n', '\'']) >= 0)
        {
            return null;
        }
        return projects.Length == 0 ? Line("dotnet", word, arguments)
            : projects.Contains('*', StringComparison.Ordinal)
                ? $"set -e\nshopt -s globstar nullglob\nfor project in {projects.Replace(" ", "\\ ", StringComparison.Ordinal)}; do\n  {Line("dotnet", word, "\"$project\"", arguments)}\ndone\n"
            : Line("dotnet", word, Word(projects), arguments);
    }

    /// <summary>A word of a script; what stands in $( ) is filled in before it is read.</summary>
    public static string Word(string text) =>
        text.Contains("$(", StringComparison.Ordinal) ? $"\"{text}\"" : ShellText.Quoted(text);

    private static string? Npm(Node step, AzureReading texts)
    {
        var command = AzureStepsImport.Input(step, "command") ?? "install";
        var words = command switch
        {
            "install" or "ci" => command,
            "custom" => AzureStepsImport.Input(step, "customCommand"),
            _ => null,
        };
        var folder = texts.Path(AzureStepsImport.Input(step, "workingDir") ?? ".");
        return words is null || folder is null || folder.Contains('$', StringComparison.Ordinal) ? null
            : folder == "." ? Line("npm", words)
            : Line("npm", "--prefix", ShellText.Quoted(folder), words);
    }

    private static string Maven(Node step) =>
        Line(
            "mvn",
            "-f",
            ShellText.Quoted(AzureStepsImport.Input(step, "mavenPomFile", "mavenPOMFile") ?? "pom.xml"),
            AzureStepsImport.Input(step, "options"),
            AzureStepsImport.Input(step, "goals") ?? "package"
        );

    private static string Gradle(Node step) =>
        Line(
            ShellText.Quoted($"./{AzureStepsImport.Input(step, "gradleWrapperFile") ?? "gradlew"}"),
            AzureStepsImport.Input(step, "options"),
            AzureStepsImport.Input(step, "tasks") ?? "build"
        );

    private static string Line(params string?[] words) =>
        string.Join(' ', words.Where(static one => !string.IsNullOrWhiteSpace(one)).Select(static one => one!.Trim()));
}
