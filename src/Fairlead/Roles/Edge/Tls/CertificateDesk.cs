using Fairlead.Drivers.Shell;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>The certificates that the server gave: kept on disk, sealed, so that handshakes need no server, and swapped without one failing.</summary>
internal sealed class CertificateDesk : ICertificateShelf, IDisposable
{
    private const string Purpose = "certificate";

    private readonly string path;
    private readonly Sealer sealer;
    private readonly SemaphoreSlim orders = new(1, 1);
    private Saved saved;
    private CertificateBook book;

    public CertificateDesk(string folder, ILogger log)
    {
        path = Path.Combine(folder, "certificates.json");
        sealer = new Sealer(Path.Combine(folder, "certificates.key"));
        saved = DurableFile.TryReadJson<Saved>(path) ?? new Saved(0, []);
        var (loaded, usable) = (new List<LoadedCertificate>(), new List<string>());
        foreach (var text in saved.Sealed)
        {
            // One that cannot be used any more is missed by the server, which gets another.
            try
            {
                if (sealer.Open<IssuedCertificate>(text, Purpose) is { } issued)
                {
                    loaded.Add(LoadedCertificate.Load(issued));
                    usable.Add(text);
                    continue;
                }
                log.CertificateUnreadable(path);
            }
            catch (ProblemException caught)
            {
                log.CertificateUnusable(caught.Problem.Why);
            }
        }
        saved = saved with { Sealed = usable };
        book = new CertificateBook(loaded);
    }

    public CertificateBook Book => Volatile.Read(ref book);

    public Task<IReadOnlyList<HeldCertificate>> ListAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<HeldCertificate>>([.. Book.Certificates.Select(one => one.Held)]);
    }

    // Away from the thread that moves everyone's bytes: keys are read, and the disk may take its time.
    public Task PutAsync(IssuedCertificate certificate, Fence fence, CancellationToken stop) =>
        Task.Run(() => ChangeAsync(certificate.Hosts, certificate, fence, stop), stop);

    public Task RemoveAsync(IReadOnlyList<string> hosts, Fence fence, CancellationToken stop) =>
        Task.Run(() => ChangeAsync(hosts, certificate: null, fence, stop), stop);

    public void Dispose() => orders.Dispose();

    private async Task ChangeAsync(
        IReadOnlyList<string> hosts,
        IssuedCertificate? certificate,
        Fence fence,
        CancellationToken stop
    )
    {
        await orders.WaitAsync(stop);
        try
        {
            if (fence.Number < saved.Fence)
            {
                throw new FencedException(fence, new Fence(saved.Fence));
            }
            var others = saved.Sealed.Zip(Book.Certificates).Where(one => !one.Second.Held.Hosts.SequenceEqual(hosts));
            var (texts, loaded) = (others.Select(one => one.First).ToList(), others.Select(one => one.Second).ToList());
            if (certificate is not null)
            {
                loaded.Add(LoadedCertificate.Load(certificate));
                texts.Add(sealer.Seal(certificate, Purpose));
            }
            var next = new Saved(fence.Number, texts);
            Save(next);
            saved = next;
            Volatile.Write(ref book, new CertificateBook(loaded));
        }
        finally
        {
            orders.Release();
        }
    }

    private void Save(Saved next)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.WriteJson(path, next);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                new Problem(
                    "edge.certificate-not-saved",
                    What: "The edge did not change its certificates, because it could not save them.",
                    Why: $"{path}: {caught.Message}",
                    Fix: $"Make room or mend the rights: df -h {path}; ls -l {path}"
                ),
                caught
            );
        }
    }

    /// <param name="Sealed">Each an <see cref="IssuedCertificate"/>.</param>
    private sealed record Saved(long Fence, IReadOnlyList<string> Sealed);
}
