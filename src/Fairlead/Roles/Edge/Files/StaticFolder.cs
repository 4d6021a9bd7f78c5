using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Files;

/// <summary>The folder of one release, which never changes: looked through once, away from requests, which wait for that at most.</summary>
internal sealed class StaticFolder
{
    private readonly string root;
    private readonly HotBytes hot;
    private readonly Task<SiteMap> reading;

    public StaticFolder(string root, WebSettings settings, HotRoom room, ILogger log)
    {
        this.root = root;
        hot = new HotBytes(room);
        reading = Task.Run(() => Read(settings, log));
    }

    public HotBytes Hot => hot;

    /// <summary>Null while the folder is still being looked through.</summary>
    public SiteMap? Map => reading.IsCompletedSuccessfully ? reading.Result : null;

    public async ValueTask<SiteMap> MapAsync(CancellationToken stop) =>
        reading.IsCompletedSuccessfully ? await reading : await reading.WaitAsync(stop);

    /// <summary>Looks on the disk, for what a very large folder's map has no room for.</summary>
    public Task<Shown?> SearchAsync(SiteMap map, string path, CancellationToken stop) =>
        Task.Run(
            () =>
            {
                var file = Candidates(path)
                    .Select(name => (Name: name, Info: new ConfinedFolder(root).Find(name) as FileInfo))
                    .FirstOrDefault(one => one.Info is not null);
                var described = file.Info is null ? null : new SiteScan(root, hot, stop).Describe(file.Name, file.Info);
                return described is not null && map.IsVisible(described) ? map.Show(described, path) : null;
            },
            stop
        );

    private static string[] Candidates(string path) =>
        path.EndsWith('/') ? [$"{path}index.html"] : [path, $"{path}/index.html", $"{path}.html"];

    private SiteMap Read(WebSettings settings, ILogger log)
    {
        try
        {
            return SiteMap.Build(new SiteScan(root, hot, CancellationToken.None).Run(), settings);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            log.FolderUnreadable(caught, root);
            var nothing = new Dictionary<string, SiteFile>(StringComparer.Ordinal);
            return SiteMap.Build(new SiteFiles(nothing, Model.Web.SiteRules.None, IsWhole: false), settings);
        }
    }
}
