using Fairlead.Engine.Manifests.Detecting.Reading;

namespace Fairlead.Engine.Manifests.Detecting.Stacks;

/// <summary>A repository of several packages with one lock file.</summary>
/// <param name="Root">Where its lock is, as seen from the package: <c>../..</c></param>
/// <param name="Place">The package as seen from the root: <c>apps/web</c></param>
/// <param name="Members">All packages, as seen from the root, by name.</param>
internal sealed record NodeWorkspace(string Root, string Place, IReadOnlyDictionary<string, string> Members)
{
    private const int MembersMax = 200;

    /// <summary>The workspace that counts the folder among its members; null when there is none.</summary>
    public static NodeWorkspace? Above(Sight sight)
    {
        for (var above = sight.At; above != "."; )
        {
            above = Paths.Folder(above);
            var root = Paths.Relative(sight.At, above);
            if (sight.Other(root) is { } other && Folders(other) is { Count: > 0 } folders)
            {
                var place = Paths.Relative(above, sight.At);
                return folders.Contains(place) ? new(root, place, Names(other, folders)) : null;
            }
        }
        return null;
    }

    /// <summary>Folders of the packages that a workspace's root declares, without the root itself.</summary>
    public static IReadOnlyList<string> Folders(Sight root)
    {
        var package = Json.Read(root, NodePackage.FileName);
        var globs = package.At("workspaces").Words() is { Count: > 0 } plain
            ? plain
            : package.At("workspaces", "packages").Words();
        string[] all =
        [
            .. globs,
            .. Yaml.Read(root, "pnpm-workspace.yaml")?["packages"]?.Items.Select(item => item.Word).OfType<string>()
                ?? [],
        ];
        return Globs.Folders(root, all, folder => root.HasFile($"{folder}/{NodePackage.FileName}"), MembersMax);
    }

    /// <summary>Members that the package needs, the deepest first, so that they can be built in this order.</summary>
    public IReadOnlyList<(string Name, string Place)> Needed(Sight sight)
    {
        List<(string, string)> order = [];
        Visit(Place, []);
        return order;

        void Visit(string place, HashSet<string> seen)
        {
            if (!seen.Add(place) || seen.Count > MembersMax)
            {
                return;
            }
            var package = sight.Other($"{Root}/{place}") is { } member ? Json.Read(member, NodePackage.FileName) : null;
            var wanted = package.At("dependencies").Members().Concat(package.At("devDependencies").Members());
            foreach (var (name, _) in wanted.Where(one => Members.ContainsKey(one.Name)))
            {
                Visit(Members[name], seen);
                if (Members[name] != Place && !order.Contains((name, Members[name])))
                {
                    order.Add((name, Members[name]));
                }
            }
        }
    }

    private static Dictionary<string, string> Names(Sight root, IReadOnlyList<string> folders)
    {
        Dictionary<string, string> names = [];
        foreach (var folder in folders)
        {
            var name = root.Other(folder) is { } member
                ? Json.Read(member, NodePackage.FileName).At("name").Word()
                : null;
            names.TryAdd(name ?? folder, folder);
        }
        return names;
    }
}
