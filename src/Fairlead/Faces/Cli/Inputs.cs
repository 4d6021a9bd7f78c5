using System.Text.Json.Nodes;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>Makes an operation's input of what was typed: folders become absolute, and the app is the one of the manifest here.</summary>
internal static class Inputs
{
    // The app's name stands at the top of a manifest; a larger file is no manifest.
    private const int ManifestBytesMax = 1 << 20;

    /// <exception cref="ProblemException">A folder that was named does not exist.</exception>
    public static JsonObject Of(Call call, string current)
    {
        var input = new JsonObject();
        foreach (var option in call.Verb.Options.Except(call.Verb.Extras))
        {
            if (option.IsFolder && !option.IsList)
            {
                // One that can be left out is something else than the current one.
                if (option.IsRequired || call.Text(option.Property) is not null)
                {
                    input[option.Property] = Folder(call.Text(option.Property), current);
                }
            }
            else if (call.Input[option.Property] is { } given)
            {
                input[option.Property] = given.DeepClone();
            }
            else if (option.Property == "app" && AppOf(current) is { } app)
            {
                input["app"] = app;
            }
        }
        return input;
    }

    /// <summary>The app of the manifest in a folder; null when there is none that says so on a line of its own.</summary>
    internal static string? AppOf(string folder)
    {
        var manifest = new FileInfo(Path.Combine(folder, "fairlead.yaml"));
        if (!manifest.Exists || manifest.Length > ManifestBytesMax)
        {
            return null;
        }
        var line = File.ReadLines(manifest.FullName)
            .FirstOrDefault(one => one.StartsWith("app:", StringComparison.Ordinal));
        var name = line?["app:".Length..].Split('#')[0].Trim().Trim('"', '\'');
        return name is { Length: > 0 } ? name : null;
    }

    private static string Folder(string? given, string current)
    {
        var path = Path.GetFullPath(given ?? ".", current);
        return Directory.Exists(path) ? path : throw WrongUse.NoFolder(given ?? path);
    }
}
