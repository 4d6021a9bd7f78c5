using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Drivers.State;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Infrastructure.Terraform;

/// <summary>
/// The folder of one site, in which one call works at a time. While Terraform works its state is a plain file there, which only this
/// user reads: it writes each thing that it made at once, so that killing it, or us, loses nothing. At rest the state is under seal.
/// </summary>
internal sealed class TerraformFolder : IDisposable
{
    private const int OldStatesMax = 20;
    private const long StateBytesMax = 64L << 20;
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string StateFile = "terraform.tfstate";
    private const string PlanFile = "plan.bin";

    private readonly string root;
    private readonly Sealer sealer;
    private readonly string purpose;
    private readonly FileStream alone;

    private TerraformFolder(string root, Sealer sealer, Site site, FileStream alone)
    {
        this.root = root;
        this.sealer = sealer;
        this.alone = alone;
        purpose = $"infrastructure:{site}";
        Code = Path.Combine(root, "code");
    }

    /// <summary>Where Terraform runs.</summary>
    public string Code { get; }

    public string PlanPath => Path.Combine(Code, PlanFile);

    private string StatePath => Path.Combine(Code, StateFile);

    private string SealedState => Path.Combine(root, "state.sealed");

    private string SealedPlan => Path.Combine(root, "plan.sealed");

    /// <summary>Takes the folder for one call.</summary>
    /// <exception cref="ProblemException">Another call has it.</exception>
    public static TerraformFolder Enter(string root, Sealer sealer, ProvisionWork work)
    {
        Directory.CreateDirectory(root, OwnerAlone | UnixFileMode.UserExecute);
        FileStream taken;
        try
        {
            taken = new(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException caught)
        {
            throw new ProblemException(TerraformProblems.Busy(work.Site), caught);
        }
        var folder = new TerraformFolder(root, sealer, work.Site, taken);
        try
        {
            folder.WriteCode(work);
            folder.OpenState(work.Say);
            return folder;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Puts everything back under seal.</summary>
    public void Dispose()
    {
        SealState();
        File.Delete(PlanPath);
        alone.Dispose();
    }

    /// <summary>What names a plan: its file's digest.</summary>
    public string PlanId() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PlanPath)));

    public void KeepPlan() => WriteSealed(SealedPlan, File.ReadAllBytes(PlanPath));

    /// <summary>Puts the plan that was kept back where Terraform reads it.</summary>
    /// <exception cref="ProblemException">It is another one, or there is none.</exception>
    public void OpenPlan(Site site, string plan)
    {
        var bytes = File.Exists(SealedPlan) ? ReadSealed(SealedPlan) : null;
        if (bytes is null || Convert.ToHexStringLower(SHA256.HashData(bytes)) != plan)
        {
            throw new ProblemException(TerraformProblems.NoPlan(site, plan));
        }
        WriteOwn(PlanPath, bytes);
        // A plan is used once, whatever becomes of it.
        File.Delete(SealedPlan);
    }

    public string? State() => File.Exists(StatePath) ? File.ReadAllText(StatePath) : null;

    private void WriteCode(ProvisionWork work)
    {
        var files = work.Files;
        Directory.CreateDirectory(Code, OwnerAlone | UnixFileMode.UserExecute);
        foreach (var old in Directory.EnumerateFiles(Code, "*.tf").Concat(Directory.EnumerateFiles(Code, "*.tfvars")))
        {
            File.Delete(old);
        }
        foreach (var (path, text) in files)
        {
            var full = Path.GetFullPath(path, Code);
            if (!full.StartsWith(Code + "/", StringComparison.Ordinal))
            {
                throw new ArgumentException($"{path} leads out of the folder.", nameof(work));
            }
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
        if (Simulator.Override(work) is { } settings)
        {
            File.WriteAllText(Path.Combine(Code, Simulator.File), settings);
        }
    }

    // A plain state that lies there is newer than the one under seal: a call was killed in the midst.
    private void OpenState(Action<string> say)
    {
        if (File.Exists(StatePath) && IsWhole(StatePath))
        {
            say("the run before was cut off: what it made is known, and is looked at again");
            return;
        }
        var backup = StatePath + ".backup";
        if (File.Exists(StatePath) && File.Exists(backup) && IsWhole(backup))
        {
            say("the run before was killed while it wrote: what it made last may be missing from what is known");
            File.Move(backup, StatePath, overwrite: true);
            return;
        }
        File.Delete(StatePath);
        if (File.Exists(SealedState))
        {
            WriteOwn(
                StatePath,
                ReadSealed(SealedState) ?? throw new ProblemException(TerraformProblems.StateDamaged(SealedState))
            );
        }
    }

    private static bool IsWhole(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void SealState()
    {
        if (!File.Exists(StatePath) || !IsWhole(StatePath) || new FileInfo(StatePath).Length > StateBytesMax)
        {
            return; // Left as it is: the next call looks at it.
        }
        var bytes = File.ReadAllBytes(StatePath);
        if (File.Exists(SealedState) && ReadSealed(SealedState) is { } before && !before.AsSpan().SequenceEqual(bytes))
        {
            KeepOld();
        }
        WriteSealed(SealedState, bytes);
        File.Delete(StatePath);
        File.Delete(StatePath + ".backup");
    }

    // For somebody who must go back by hand; the newest ones only.
    private void KeepOld()
    {
        var folder = Path.Combine(root, "old");
        Directory.CreateDirectory(folder, OwnerAlone | UnixFileMode.UserExecute);
        var all = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).ToList();
        var number = all.Count == 0 ? 1 : int.Parse(Path.GetFileNameWithoutExtension(all[^1]), Invariant) + 1;
        File.Move(SealedState, Path.Combine(folder, string.Create(Invariant, $"{number:d8}.sealed")));
        foreach (var old in all.Take(all.Count + 1 - OldStatesMax))
        {
            File.Delete(old);
        }
    }

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private byte[]? ReadSealed(string path) => sealer.Open<Kept>(File.ReadAllText(path), purpose)?.Bytes;

    private void WriteSealed(string path, byte[] bytes)
    {
        var beside = path + ".new";
        WriteOwn(beside, Encoding.ASCII.GetBytes(sealer.Seal(new Kept(bytes), purpose)));
        File.Move(beside, path, overwrite: true);
    }

    private static void WriteOwn(string path, byte[] bytes)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerAlone,
        };
        using var file = new FileStream(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private sealed record Kept(byte[] Bytes);
}
