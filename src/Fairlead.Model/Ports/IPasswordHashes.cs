namespace Fairlead.Model.Ports;

/// <summary>Makes of passwords what may be stored, slowly on purpose, and checks them against it.</summary>
public interface IPasswordHashes
{
    /// <summary>A password as a PHC string.</summary>
    /// <exception cref="Problems.ProblemException">Too many wait already.</exception>
    Task<string> HashAsync(string password, CancellationToken stop);

    /// <summary>Whether it is the password.</summary>
    /// <param name="stored">The PHC string; null or garbled takes as long and is never right, so that time tells nothing.</param>
    /// <exception cref="Problems.ProblemException">Too many wait already.</exception>
    Task<PasswordAnswer> CheckAsync(string? stored, string password, CancellationToken stop);
}

/// <summary>What a check of a password found.</summary>
public enum PasswordAnswer
{
    Wrong,
    Right,

    /// <summary>Right, and made with less work than is asked for now: hash it anew.</summary>
    RightButWeak,
}
