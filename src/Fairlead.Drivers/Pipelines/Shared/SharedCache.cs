using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>
/// The cache of a team, before which is that of this machine: what is found there is brought here and used from here. Its trouble is never the run's: each
/// question has a limit, after three failures in a row it is not asked again, and what is sent is sent beside the tasks.
/// </summary>
internal sealed class SharedCache : ISharedCache
{
    private const int OffersMax = 1_000;
    private const int Senders = 2;
    private const long BytesPerSecondMin = 1 << 20;
    private const string OtherBytes = "it gave other bytes than the entry says";

    private static readonly TimeSpan BringMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BringMax = TimeSpan.FromMinutes(10);

    private readonly SharedSettings settings;
    private readonly TaskCache local;
    private readonly IncomingFolder incoming;
    private readonly string mainScope;
    private readonly World world;
    private readonly Channel<Func<CancellationToken, Task<long>>> offers = Channel.CreateBounded<
        Func<CancellationToken, Task<long>>
    >(OffersMax);
    private readonly CancellationTokenSource over = new();
    private readonly ConcurrentBag<Task> senders = [];
    private readonly Circuit reading;
    private readonly Circuit writing;
    private readonly Lock gate = new();
    private Counts count = new(0, 0, 0, 0, 0, 0);

    /// <param name="mainScope">Whose entries every scope may use.</param>
    public SharedCache(SharedSettings settings, TaskCache local, string mainScope, World world)
    {
        (this.settings, this.local, this.mainScope, this.world) = (settings, local, mainScope, world);
        incoming = new(Path.Combine(local.Folder, "incoming"), world);
        reading = new($"Reading from the shared cache {settings.Store.Shown}");
        writing = new($"Writing to the shared cache {settings.Store.Shown}");
    }

    // A server that answers no question would only be waited for.
    private bool IsGivenUp => writing.IsOpen || reading.IsOpen;

    public async Task<SharedTask?> FindAsync(
        TaskKey key,
        string scope,
        IReadOnlyList<string> globs,
        CancellationToken stop
    )
    {
        foreach (var one in scope == mainScope ? [scope] : new[] { scope, mainScope })
        {
            if (
                settings.Reads
                && !reading.IsOpen
                && await TextAsync(SharedEntryText.NameOf(key.Digest, one), SharedEntryText.BytesMax, stop) is { } text
            )
            {
                if (
                    SharedEntryText.Read(text, (key, one), settings.Trust) is { } found
                    && SharedEntryChecks.IsSound(found, globs)
                )
                {
                    return found;
                }
                Count(static now => now with { Untrusted = now.Untrusted + 1 });
            }
        }
        return null;
    }

    public async Task<bool> BringAsync(SharedTask found, CancellationToken stop)
    {
        var entry = found.Task;
        try
        {
            if (entry.Outputs.All(one => one.IsLink || local.Has(one.Digest)))
            {
                local.Enter(entry);
            }
            else if (!await FetchAsync(found, stop))
            {
                return false;
            }
            reading.Pass();
            Count(static now => now with { Found = now.Found + 1 });
            return true;
        }
        catch (InvalidDataException caught)
        {
            Count(static now => now with { Untrusted = now.Untrusted + 1 });
            reading.Fail(caught.Message);
            return false;
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            reading.Fail(caught.Message);
            return false;
        }
    }

    public async Task<PastTests?> TestsAsync(string name, string scope, CancellationToken stop)
    {
        foreach (var one in scope == mainScope ? [scope] : new[] { scope, mainScope })
        {
            if (
                !settings.Reads
                || reading.IsOpen
                || await TextAsync(SharedTestText.NameOf(name, one), SharedTestText.BytesMax, stop) is not { } text
            )
            {
                continue;
            }
            if (SharedTestText.Read(text, (name, one), settings.Trust) is not { } found)
            {
                Count(static now => now with { Untrusted = now.Untrusted + 1 });
            }
            else if (world.Now - found.Made < SharedTestText.AgeMax)
            {
                return found.Tests;
            }
        }
        return null;
    }

    public void Offer(string name, string scope, PastTests tests) =>
        Offer(stop =>
            PutAsync(
                SharedTestText.NameOf(name, scope),
                SharedTestText.Write(tests, (name, scope), world.Now, settings.Trust),
                stop
            )
        );

    public void Offer(KeptTask entry)
    {
        if (entry.Outputs.Sum(static one => one.Size) <= SharedEntryChecks.BytesMax)
        {
            Offer(stop => SendAsync(entry, stop));
        }
    }

    private void Offer(Func<CancellationToken, Task<long>> sendAsync)
    {
        if (!settings.Writes || IsGivenUp)
        {
            return;
        }
        lock (gate)
        {
            if (senders.Count < Senders)
            {
                senders.Add(Task.Run(() => SendAllAsync(over.Token), CancellationToken.None));
            }
        }
        if (!offers.Writer.TryWrite(sendAsync))
        {
            Count(static now => now with { Left = now.Left + 1 });
        }
    }

    public async Task<IReadOnlyList<string>> SettleAsync(CancellationToken stop)
    {
        offers.Writer.TryComplete();
        using var limit = new CancellationTokenSource(settings.SettleMax, world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        await using (both.Token.Register(over.Cancel))
        {
            await Task.WhenAll(senders);
        }
        while (offers.Reader.TryRead(out _))
        {
            Count(static now => now with { Left = now.Left + 1 });
        }
        incoming.Sweep();
        return [.. Sentences()];
    }

    public void Dispose()
    {
        over.Dispose();
        settings.Store.Dispose();
        settings.Trust.Dispose();
    }

    private IEnumerable<string> Sentences()
    {
        var text = CultureInfo.InvariantCulture;
        if (count.Found + count.Sent > 0)
        {
            yield return string.Create(
                text,
                $"shared cache: {count.Found} brought ({Megabytes(count.BytesIn)}), {count.Sent} sent ({Megabytes(count.BytesOut)})"
            );
        }
        if (count.Untrusted > 0)
        {
            yield return string.Create(
                text,
                $"shared cache: {count.Untrusted} entries were not used: what the server gave is not what was signed by one who may sign there"
            );
        }
        foreach (var reason in new[] { reading.Reason, writing.Reason })
        {
            if (reason is not null)
            {
                yield return reason;
            }
        }
        if (count.Left > 0 && !IsGivenUp)
        {
            yield return string.Create(
                text,
                $"shared cache: {count.Left} were not sent, as that would have taken too long"
            );
        }
    }

    private async Task<string?> TextAsync(string name, int bytesMax, CancellationToken stop)
    {
        try
        {
            using var text = new MemoryStream();
            var blob = new Blob(BlobKind.Entry, name);
            var isThere = await settings.Store.GetAsync(blob, (text, bytesMax), settings.LookMax, stop);
            reading.Pass();
            return isThere ? Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length) : null;
        }
        catch (Exception caught) when (caught is IOException or InvalidDataException)
        {
            reading.Fail(caught.Message);
            return null;
        }
    }

    /// <summary>Brings its bytes; what takes longer to bring than to make is not worth bringing.</summary>
    /// <returns>False when they are not there any more.</returns>
    /// <exception cref="InvalidDataException">They are not what the entry says.</exception>
    private async Task<bool> FetchAsync(SharedTask found, CancellationToken stop)
    {
        var limit = TimeSpan.FromTicks(Math.Clamp(found.Task.Took.Ticks, BringMin.Ticks, BringMax.Ticks));
        await using var pack = incoming.NewFile();
        var blob = new Blob(BlobKind.Bytes, found.Pack);
        if (!await settings.Store.GetAsync(blob, (pack, found.PackBytes), limit, stop))
        {
            return false;
        }
        pack.Position = 0;
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(pack, stop)) != found.Pack)
        {
            throw new InvalidDataException(OtherBytes);
        }
        pack.Position = 0;
        using var files = new IncomingFiles(incoming, local);
        if (!SharedPack.Read(found.Task.Outputs, pack, files.Make, stop))
        {
            throw new InvalidDataException(OtherBytes);
        }
        files.Keep();
        local.Enter(found.Task);
        Count(now => now with { BytesIn = now.BytesIn + pack.Length });
        return true;
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        // Also those are taken that are not sent any more, so that they are counted.
        await foreach (var sendAsync in offers.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (stop.IsCancellationRequested || IsGivenUp)
            {
                Count(static now => now with { Left = now.Left + 1 });
                continue;
            }
            try
            {
                var bytes = await sendAsync(stop);
                writing.Pass();
                Count(now => now with { Sent = now.Sent + 1, BytesOut = now.BytesOut + bytes });
            }
            catch (OperationCanceledException)
            {
                Count(static now => now with { Left = now.Left + 1 });
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                Count(static now => now with { Left = now.Left + 1 });
                writing.Fail(caught.Message);
            }
        }
    }

    // Bytes first: an entry never names what is not there.
    private async Task<long> SendAsync(KeptTask entry, CancellationToken stop)
    {
        await using var pack = incoming.NewFile();
        var shared = new SharedTask(entry, "", 0);
        if (entry.Outputs.Any(static one => !one.IsLink))
        {
            var written =
                SharedPack.Write(entry.Outputs, one => local.OpenBytes(one.Digest), pack, stop)
                ?? throw new IOException("bytes of the cache of this machine are not what they were");
            shared = shared with { Pack = written.Digest, PackBytes = written.Bytes };
            var blob = new Blob(BlobKind.Bytes, written.Digest);
            var limit = settings.LookMax + TimeSpan.FromSeconds((double)written.Bytes / BytesPerSecondMin);
            if (!await settings.Store.HasAsync(blob, settings.LookMax, stop))
            {
                pack.Position = 0;
                await settings.Store.PutAsync(blob, (pack, written.Digest), limit, stop);
            }
        }
        var name = SharedEntryText.NameOf(entry.Key.Digest, entry.Scope);
        return shared.PackBytes + await PutAsync(name, SharedEntryText.Write(shared, settings.Trust), stop);
    }

    private async Task<long> PutAsync(string name, string text, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var body = new MemoryStream(bytes);
        await settings.Store.PutAsync(
            new(BlobKind.Entry, name),
            (body, Convert.ToHexStringLower(SHA256.HashData(bytes))),
            settings.LookMax,
            stop
        );
        return bytes.Length;
    }

    private void Count(Func<Counts, Counts> change)
    {
        lock (gate)
        {
            count = change(count);
        }
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    /// <param name="Left">Not sent.</param>
    private sealed record Counts(int Found, int Sent, int Left, int Untrusted, long BytesIn, long BytesOut);
}
