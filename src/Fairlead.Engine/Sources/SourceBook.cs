using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Sources;

/// <summary>Sources and their previews as the store keeps them.</summary>
public sealed class SourceBook(IStore store, Func<Fence> fence)
{
    public const string Sources = "git-sources";
    public const string States = "git-states";
    public const string Previews = "previews";
    public const string EntryKind = "source";
    public const int SourcesMax = 200;

    /// <summary>In the order of their names.</summary>
    public async Task<IReadOnlyList<GitSource>> AllAsync(CancellationToken stop) =>
        [.. (await store.ListAsync(Sources, "", stop)).Select(Records.Read<GitSource>)];

    public async Task<GitSource?> FindAsync(string name, CancellationToken stop) =>
        Site.IsName(name) && await store.ReadAsync(Sources, name, stop) is { } document
            ? Records.Read<GitSource>(document)
            : null;

    public async Task<SourceState> StateAsync(string name, CancellationToken stop) =>
        await store.ReadAsync(States, name, stop) is { } document
            ? Records.Read<SourceState>(document)
            : new SourceState(name);

    /// <param name="source">Null for those of all sources.</param>
    public async Task<IReadOnlyList<Preview>> PreviewsAsync(string? source, CancellationToken stop) =>
        [.. (await store.ListAsync(Previews, source is null ? "" : $"{source}/", stop)).Select(Records.Read<Preview>)];

    public Task KeepAsync(GitSource source, string text, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = [Entry(source.Site, text)],
                Writes = [new Write(Sources, source.Name, Records.Body(source))],
            },
            stop
        );

    /// <param name="text">For the journal; null for nothing.</param>
    public Task KeepAsync(GitSource source, SourceState state, string? text, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = text is null ? [] : [Entry(source.Site, $"{source.Name}: {text}")],
                Writes = [new Write(States, state.Name, Records.Body(state))],
            },
            stop
        );

    /// <inheritdoc cref="KeepAsync(GitSource, SourceState, string?, CancellationToken)"/>
    public Task KeepAsync(Preview preview, string? text, CancellationToken stop) =>
        store.CommitAsync(
            new Change(fence())
            {
                Entries = text is null ? [] : [Entry(preview.Site, $"{preview.Branch}: {text}")],
                Writes = [new Write(Previews, preview.Key, Records.Body(preview))],
            },
            stop
        );

    public Task ForgetAsync(Preview preview, CancellationToken stop) =>
        store.CommitAsync(new Change(fence()) { Writes = [new Write(Previews, preview.Key, Body: null)] }, stop);

    /// <summary>Forgets a source with all that is remembered of it.</summary>
    public async Task ForgetAsync(GitSource source, CancellationToken stop) =>
        await store.CommitAsync(
            new Change(fence())
            {
                Entries = [Entry(source.Site, $"{source.Name} was removed")],
                Writes =
                [
                    new Write(Sources, source.Name, Body: null),
                    new Write(States, source.Name, Body: null),
                    .. (await PreviewsAsync(source.Name, stop)).Select(one => new Write(Previews, one.Key, Body: null)),
                ],
            },
            stop
        );

    private static NewEntry Entry(Site site, string text) => new(site, Deployment: null, EntryKind, text);
}
