namespace Fairlead.Model.Ports;

/// <summary>
/// Who is in charge among servers that share a store. Fences alone keep a server from its successor's work; a lease only says whom
/// the others wait for.
/// </summary>
public interface ILease
{
    /// <summary>How long a server counts as in charge after it took charge, or last said that it still is.</summary>
    TimeSpan Term { get; }

    /// <summary>Says that it still is in charge.</summary>
    /// <exception cref="FencedException">Another took charge meanwhile.</exception>
    /// <exception cref="Problems.ProblemException">The store does not answer.</exception>
    Task RenewAsync(Fence fence, CancellationToken stop);

    /// <summary>Lets the next one take charge at once. Nothing happens when another is in charge already.</summary>
    /// <exception cref="Problems.ProblemException">The store does not answer.</exception>
    Task EndAsync(Fence fence, CancellationToken stop);
}

/// <summary>Thrown to a server that would take charge while another is in charge: wait, and ask again.</summary>
/// <param name="owner">Who is.</param>
/// <param name="left">How long it still counts as in charge if it says nothing more.</param>
public sealed class ChargeHeldException(string owner, TimeSpan left)
    : Exception($"{owner} is in charge, for {left.TotalSeconds:0} s more unless it says that it still is.")
{
    public string Owner { get; } = owner;

    public TimeSpan Left { get; } = left;
}
