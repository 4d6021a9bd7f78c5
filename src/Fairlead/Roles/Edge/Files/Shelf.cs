using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Roles.Edge.Files;

/// <summary>The folders that the edge serves from: each is looked through once, however many tables name it.</summary>
/// <param name="press">Compresses files in the background; null for not at all.</param>
internal sealed class Shelf(TimeProvider clock, Press? press, ILogger log)
{
    private readonly ConcurrentDictionary<(string Root, WebSettings Settings), StaticFolder> folders = new();
    private readonly HotRoom room = new();

    public TimeProvider Clock => clock;

    /// <summary>A shelf that compresses nothing and says nothing.</summary>
    public static Shelf Plain(TimeProvider clock) => new(clock, press: null, NullLogger.Instance);

    public StaticFolder Open(Uri folder, WebSettings settings) =>
        folders.GetOrAdd(
            (folder.LocalPath, settings),
            key =>
            {
                var opened = new StaticFolder(key.Root, key.Settings, room, log);
                press?.Take(opened);
                return opened;
            }
        );

    /// <summary>Lets go of the folders that no routing names any more. Who is being served from one keeps it until then.</summary>
    public void Settle(IEnumerable<Routing> routings)
    {
        var named = routings
            .SelectMany(routing => routing.Services)
            .SelectMany(service =>
                LiveFiles.FoldersOf(service).Select(folder => (folder.LocalPath, service.Web ?? new WebSettings()))
            )
            .ToHashSet();
        foreach (var key in folders.Keys)
        {
            if (!named.Contains(key) && folders.TryRemove(key, out var folder))
            {
                folder.Hot.Return();
            }
        }
    }
}
