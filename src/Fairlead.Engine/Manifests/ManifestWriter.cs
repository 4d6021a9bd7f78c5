using System.Text;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Manifests.Resolving;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>Writes the smallest manifest that says what cannot be detected, with the evidence as comments.</summary>
public static class ManifestWriter
{
    public static string Text(DetectedApp app)
    {
        var text = new StringBuilder();
        text.Append(
            "# What Fairlead deploys from this folder. What is not said here is detected: see it with 'fairlead plan'.\n"
        );
        text.Append($"app: {app.Name}\n");
        text.Append("services:\n");
        if (app.Services.Count == 0)
        {
            text.Append("  # Nothing was recognised here: say what it is, and how it is built and started.\n");
            text.Append($"  {app.Name}:\n    kind: web\n    # build: ./build.sh\n    run: ./start.sh\n");
        }
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Kind[] kinds = [.. app.Services.Select(service => service.Detected.Kind)];
        foreach (var service in app.Services)
        {
            Append(text, service, FreeRoute(service, kinds, taken));
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, DetectedService service, string? route)
    {
        List<string> keys = [];
        if (service.Path != service.Name)
        {
            keys.Add($"path: {Quoted(service.Path)}");
        }
        if (route is not null)
        {
            keys.Add($"routes: {route}");
        }
        text.Append($"  # {Shown.Line(service.Detected.Stack)}{Because(service)}\n");
        text.Append($"  {service.Name}:{(keys.Count == 0 ? " {}" : "")}\n");
        foreach (var key in keys)
        {
            text.Append($"    {key}\n");
        }
    }

    private static string Because(DetectedService service)
    {
        if (service.Detected.Evidence is not [var evidence, ..])
        {
            return "";
        }
        var file = service.Path == "." ? evidence.Path : $"{service.Path}/{evidence.Path}";
        var line = evidence.Line is { } number ? $":{number}" : "";
        return $", as {Shown.Line(file)}{line} tells: {Shown.Line(evidence.Says)}";
    }

    /// <summary>A route of its own for a service whose default another one has already; null when it keeps the default.</summary>
    private static string? FreeRoute(DetectedService service, Kind[] kinds, HashSet<string> taken)
    {
        var isFree = Routes.Default(service.Name, service.Detected.Kind, kinds).All(taken.Add);
        return isFree || !taken.Add($"/{service.Name}") ? null : $"/{service.Name}";
    }

    /// <summary>A path may hold letters that mean something to YAML.</summary>
    private static string Quoted(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '_' or '.')
            ? path
            : $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
