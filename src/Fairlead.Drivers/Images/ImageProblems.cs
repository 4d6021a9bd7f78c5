using Fairlead.Model.Images;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Images;

/// <summary>What can be wrong with images on this machine.</summary>
internal static class ImageProblems
{
    private const int DiskFull = 28; // ENOSPC
    private const int QuotaReached = 122; // EDQUOT

    public static Problem Missing(Digest digest, string folder) =>
        new(
            "image.missing",
            What: $"{digest} is not among this machine's images.",
            Why: $"{folder} does not hold it: it was never brought, only for another platform, or was removed since.",
            Fix: "Bring it again: fairlead image pull NAME"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem Rotten(Digest digest, string path) =>
        new(
            "image.rotten",
            What: $"{digest} is no longer what it is called.",
            Why: $"{path} has other bytes than its name says: the disk changed them, or somebody did.",
            Fix: $"rm {path}, then bring it again: fairlead image pull NAME"
        );

    public static Problem Broken(string what, string why) =>
        new(
            "image.broken",
            What: $"{what} cannot be read as an image.",
            Why: why,
            Fix: "Build it again, or ask whoever made it to; see what another reader says: skopeo inspect --raw"
        );

    public static Problem TooLong(Descriptor wanted) =>
        new(
            "image.digest-mismatch",
            What: $"{wanted.Digest} is not what came: it has been refused and removed.",
            Why: $"It has {wanted.Size} bytes, and more came.",
            Fix: "Do not use that registry until you know who changes what it sends; then try again."
        );

    public static Problem Mismatch(Descriptor wanted, Descriptor made) =>
        new(
            "image.digest-mismatch",
            What: $"{wanted.Digest} is not what came: it has been refused and removed.",
            Why: $"What came has {made.Size} of {wanted.Size} bytes and is {made.Digest}.",
            Fix: "Do not use that registry until you know who changes what it sends; then try again."
        );

    public static Problem NotEmpty(string folder) =>
        new(
            "image.folder",
            What: $"Nothing was unpacked into {folder}.",
            Why: "It is not empty: what is in it and what is in the image could not be told apart.",
            Fix: $"Name a folder that is empty, or not there yet: {folder}-image"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Disk(string path, IOException caught) =>
        caught.HResult is DiskFull or QuotaReached
            ? new(
                "image.no-space",
                What: "There is no room for the image.",
                Why: $"{path}: {caught.Message}",
                Fix: "Make room: fairlead image prune, then try again; what came so far is kept."
            )
            : new(
                "image.disk",
                What: "The image cannot be kept.",
                Why: $"{path}: {caught.Message}",
                Fix: "See what is wrong with the disk: dmesg | tail"
            );
}
