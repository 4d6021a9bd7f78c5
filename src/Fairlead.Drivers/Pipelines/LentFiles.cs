using Fairlead.Drivers.Builds;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>Files that are in a folder of a workspace only while a task runs. The folder goes with the last of them.</summary>
/// <param name="folder">Absolute. What is there before the first of them is of a run that was killed, or of somebody who means harm, and is removed.</param>
internal sealed class LentFiles(string folder)
{
    private readonly Lock gate = new();
    private int count;

    /// <exception cref="ProblemException">It cannot be written.</exception>
    public IDisposable Add(string name, string text)
    {
        lock (gate)
        {
            try
            {
                if (count == 0)
                {
                    Remove();
                    Directory.CreateDirectory(folder);
                    File.WriteAllText(Path.Combine(folder, ".gitignore"), "*\n");
                }
                File.WriteAllText(Path.Combine(folder, name), text);
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                throw new ProblemException(PipelineProblems.Unwritable(folder, caught.Message), caught);
            }
            count++;
            return new Lent(this);
        }
    }

    private void End()
    {
        lock (gate)
        {
            if (--count > 0)
            {
                return;
            }
            try
            {
                Remove();
            }
            catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
            {
                // A task wrote there what cannot be removed: the next run is told when it cannot either.
            }
        }
    }

    // A link is removed itself, not what it leads to.
    private void Remove()
    {
        switch (Posix.Stat(folder)?.Kind)
        {
            case null:
                break;
            case FileKind.Folder:
                Directory.Delete(folder, recursive: true);
                break;
            default:
                File.Delete(folder);
                break;
        }
    }

    private sealed class Lent(LentFiles files) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
            {
                files.End();
            }
        }
    }
}
