using System.Globalization;

namespace Fairlead.Engine.Guarding.Compliance.Host;

/// <summary>What the disks under the state folder are like.</summary>
internal static class DiskChecks
{
    private const int LayersMax = 8;
    private const int PercentMin = 10;
    private const long BytesMin = 1L << 30;

    public static Measured Space(HostLook look) =>
        look.Sights.Disk switch
        {
            null or { Bytes: <= 0 } => new Measured.Unknown(
                "Nothing says how large the disk is.",
                $"df {look.Sights.State}"
            ),
            { } disk when disk.Free < BytesMin || disk.Free * 100.0 / disk.Bytes < PercentMin => look.Fails(
                $"{Text(disk.Free)} of {Text(disk.Bytes)} are free: when it is full, nothing can be deployed or remembered.",
                $"Make room, or move the state folder: df {look.Sights.State}"
            ),
            { } disk => look.Holds($"{Text(disk.Free)} of {Text(disk.Bytes)} are free."),
        };

    // What lies below the kernel cannot be seen: disks of clouds are often encrypted there. So this never fails.
    public static Measured Encryption(HostLook look)
    {
        var mount = Mounts(look)
            .Where(one => IsWithin(look.Sights.State, one.Point))
            .OrderByDescending(static one => one.Point.Length)
            .FirstOrDefault();
        return mount.Device is { } device && IsEncrypted(look, device, LayersMax)
            ? look.Holds($"The disk of the state folder, {mount.Point}, is encrypted by dm-crypt.")
            : new Measured.Unknown(
                mount.Device is null
                    ? "Nothing says on which disk the state folder lies."
                    : $"The disk of the state folder, {mount.Point} ({mount.Kind}), shows no encryption here; below the kernel it may have some.",
                "Encrypt it: cryptsetup luksFormat; or ask who runs the machine what lies below."
            );
    }

    public static Measured Swap(HostLook look)
    {
        if (look.Sights.ReadText("/proc/swaps") is not { } text)
        {
            return new Measured.Unknown("Nothing says what is swapped where.", "swapon --show");
        }
        string[] bare =
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(static line => line.Split([' ', '\t'])[0])
                .Where(one => !IsMemory(one) && !IsEncryptedDevice(look, one)),
        ];
        return bare.Length == 0
            ? look.Holds("Nothing is swapped to a disk that is not encrypted.")
            : look.Fails(
                $"Memory, with the secrets in it, is written in clear to {HostLook.Cut(string.Join(", ", bare))}.",
                "swapoff -a, or encrypt it: in /etc/crypttab with the option 'swap'."
            );
    }

    private static bool IsMemory(string device) => device.StartsWith("/dev/zram", StringComparison.Ordinal);

    // /dev/dm-3, or /dev/mapper/name that leads to it; a swap file lies on a disk that another check is about.
    private static bool IsEncryptedDevice(HostLook look, string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal)
        && look.Sights.ReadText($"/sys/class/block/{path[(path.LastIndexOf('/') + 1)..]}/dm/uuid") is { } uuid
        && IsCrypt(uuid);

    // A volume may lie on others, of which one is encrypted.
    private static bool IsEncrypted(HostLook look, string device, int layers) =>
        layers > 0
        && (
            look.Sights.ReadText($"/sys/dev/block/{device}/dm/uuid") is { } uuid && IsCrypt(uuid)
            || (look.Sights.List($"/sys/dev/block/{device}/slaves") ?? []).Any(name =>
                look.Sights.ReadText($"/sys/class/block/{name}/dev")?.Trim() is { } inner
                && IsEncrypted(look, inner, layers - 1)
            )
        );

    private static bool IsCrypt(string uuid) => uuid.StartsWith("CRYPT-", StringComparison.Ordinal);

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue; proc(5)
    private static IEnumerable<(string? Device, string Point, string Kind)> Mounts(HostLook look)
    {
        foreach (var line in (look.Sights.ReadText("/proc/self/mountinfo") ?? "").Split('\n'))
        {
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-");
            if (words.Length > 5 && dash > 5 && dash + 1 < words.Length)
            {
                yield return (words[2], words[4].Replace("\\040", " ", StringComparison.Ordinal), words[dash + 1]);
            }
        }
    }

    private static bool IsWithin(string path, string folder) =>
        folder == "/" || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Text(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)BytesMin:0.#} GiB");
}
