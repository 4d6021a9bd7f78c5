using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>Folders that callers sent to the server, because it cannot see their disks. Each is named by the digest of what was sent.</summary>
public interface IUploads
{
    /// <summary>The folder as it was sent, absolute; null when it is not there, or is no longer what was sent.</summary>
    /// <param name="digest">SHA-256 of the archive, 64 lower-case hex digits; others are never there.</param>
    string? Find(string digest);

    /// <summary>Takes an archive (tar, gzip) and unpacks it; when it is there already and whole, nothing is read.</summary>
    /// <exception cref="ProblemException">It is not what its name says, too large, leads outside, or there is no room.</exception>
    Task TakeAsync(string digest, Stream archive, CancellationToken stop);
}
