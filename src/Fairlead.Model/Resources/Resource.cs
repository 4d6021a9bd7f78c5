namespace Fairlead.Model.Resources;

/// <summary>
/// Something that an app needs of a cloud, said in no cloud's words. What it refers to it holds, so a reference is typed and always
/// leads somewhere.
/// </summary>
/// <param name="Name">Unique in its graph: lower-case letters, digits and dashes, beginning with a letter, at most 63 letters.</param>
public abstract record Resource(string Name)
{
    /// <summary>What must be there before it.</summary>
    public abstract IReadOnlyList<Resource> Needs { get; }

    /// <summary>Whether data is lost with it.</summary>
    public virtual bool HoldsData => false;

    /// <summary>What it is called for people, such as <c>load balancer</c>.</summary>
    public abstract string Word { get; }

    public sealed override string ToString() => $"{Word} {Name}";
}
