using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Where a service's source is.</summary>
internal static class Folders
{
    /// <summary>The folder said, else that of the service's name, else the manifest's own; null when it is missing.</summary>
    public static string? Of(IFileTree tree, Node node, (string Name, string? Said) service, Findings findings)
    {
        if (service.Said is null)
        {
            return tree.FolderExists(service.Name) ? service.Name : ".";
        }
        var folder = Plain(service.Said);
        if (folder == "." || tree.FolderExists(folder))
        {
            return folder;
        }
        var parent = folder.Contains('/', StringComparison.Ordinal) ? folder[..folder.LastIndexOf('/')] : ".";
        string[] folders = [.. tree.List(parent).Where(name => name.EndsWith('/')).Select(name => name.TrimEnd('/'))];
        var near = Nearest.To(folder[(folder.LastIndexOf('/') + 1)..], folders.Where(name => Shown.Line(name) == name));
        findings.Add(
            node.At("path"),
            "path",
            (
                $"The folder {Shown.Quoted(folder)} of the service '{service.Name}' is missing.",
                folders.Length == 0
                    ? $"There are no folders in {(parent == "." ? tree.Root : Shown.Quoted(parent))}."
                    : $"There are: {Shown.Line(string.Join(", ", folders))}.",
                near is null
                    ? "Write the path of a folder, relative to the manifest."
                    : $"Did you mean '{near}'? Write: path: {(parent == "." ? near : $"{parent}/{near}")}"
            )
        );
        return null;
    }

    /// <summary>The same path without <c>./</c> and double or last slashes; <c>.</c> for the folder itself.</summary>
    public static string Plain(string path) =>
        string.Join('/', path.Split('/').Where(part => part is not ("" or "."))) is { Length: > 0 } plain ? plain : ".";
}
