namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Which of <c>if</c>, <c>elseif</c> and <c>else</c> that stand after each other is taken.</summary>
internal sealed class AzureBranch
{
    /// <summary>Whether one was taken; null when that is not known before a run begins.</summary>
    private bool? isTaken = false;

    public void End() => isTaken = false;

    /// <param name="holds">What its condition comes to; null when that is not known, or there is none.</param>
    /// <returns>Null when it stays as it stands.</returns>
    public bool? Takes(string word, bool? holds)
    {
        if (word == "if")
        {
            isTaken = holds;
            return holds;
        }
        if (isTaken != false)
        {
            return isTaken is null ? null : false;
        }
        isTaken = word == "else" ? true : holds;
        return isTaken;
    }
}
