using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Model.Ports;

/// <summary>
/// Registries of images, each asked by what an image's name says. Every member throws a <see cref="ProblemException"/> when the
/// registry refuses, is not there, or sends something else than was asked for.
/// </summary>
public interface IRegistry
{
    /// <summary>What an image is now: the digest by which it must be pinned.</summary>
    Task<Descriptor> ResolveAsync(ImageReference image, CancellationToken stop);

    /// <summary>Brings an image into the store of this machine, and gives it its name there.</summary>
    /// <param name="platform">For which; null brings all that there are.</param>
    Task<PulledImage> PullAsync(ImageReference image, Platform? platform, CancellationToken stop);

    /// <summary>Sends an image of this machine's store, with all that is attached to it.</summary>
    Task<PushedImage> PushAsync(Descriptor image, ImageReference to, CancellationToken stop);

    /// <summary>Gives a repository an image of another one on the same registry, without sending its layers.</summary>
    Task<Descriptor> MountAsync(ImageReference from, ImageReference to, CancellationToken stop);

    /// <summary>Tags of a repository, at most 10,000, in the registry's order.</summary>
    Task<IReadOnlyList<string>> TagsAsync(ImageReference repository, CancellationToken stop);

    /// <summary>Removes an image; every tag that means it goes with it.</summary>
    Task DeleteAsync(ImageReference image, CancellationToken stop);

    /// <summary>What is attached to an image: signatures, bills of materials, provenance.</summary>
    /// <param name="image">By its digest.</param>
    Task<IReadOnlyList<Descriptor>> ReferrersAsync(ImageReference image, CancellationToken stop);
}

/// <summary>An image that was brought.</summary>
/// <param name="Pinned">By the digest that its tag meant: an index's, where there is one.</param>
/// <param name="Image">What was brought: the platform's own image, or all of it when no platform was said.</param>
/// <param name="Bytes">How much was fetched; what was here was not.</param>
public sealed record PulledImage(ImageReference Pinned, Descriptor Image, long Bytes);

/// <summary>An image that was sent.</summary>
/// <param name="Bytes">How much was sent.</param>
/// <param name="Sent">Pieces of content that were sent.</param>
/// <param name="Mounted">Pieces that another repository there had.</param>
/// <param name="Known">Pieces that were there.</param>
public sealed record PushedImage(ImageReference Pinned, long Bytes, int Sent, int Mounted, int Known);

/// <summary>Finds out as whom a registry is asked.</summary>
public interface IRegistryCredentials
{
    /// <summary>Null when nobody said, and the registry is asked as a stranger.</summary>
    /// <param name="host">As in <see cref="ImageReference.Host"/>.</param>
    Task<RegistryLogin?> FindAsync(string host, CancellationToken stop);
}

/// <summary>As whom a registry is asked. It never prints its secret.</summary>
/// <param name="From">Where it was said, for people: a file, a helper, a variable.</param>
public sealed record RegistryLogin(string User, string Password, string From)
{
    /// <summary>The password is a token that gets others, as <c>docker login</c> keeps it for some registries.</summary>
    public bool IsIdentityToken { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{User} (by {From})";
}
