using System.Globalization;

namespace Fairlead.Drivers.Telemetry.Logs;

/// <summary>Sees to it that logs leave room on the disk for what matters more.</summary>
internal sealed class Room(string folder, long freeBytesMin)
{
    private const int PartOfDisk = 20;

    /// <summary>Why there is too little room; null when there is enough.</summary>
    public string? Missing()
    {
        var disk = new DriveInfo(folder);
        var wanted = Math.Min(freeBytesMin, disk.TotalSize / PartOfDisk);
        return disk.AvailableFreeSpace >= wanted
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{disk.AvailableFreeSpace >> 20} MiB are free, {wanted >> 20} MiB should stay so"
            );
    }
}
