namespace Millrace.Simulation;

/// <summary>Throws now and then, a number of times in all. Shared by all attempts of a job.</summary>
/// <param name="count">How often it throws.</param>
/// <param name="every">After how many values each time.</param>
internal sealed class Faults(int count, int every)
{
    private int _left = count;
    private int _passed;

    public T Pass<T>(T value)
    {
        if (_left > 0 && ++_passed % every == 0)
        {
            _left--;
            throw new InvalidOperationException("this was to be expected");
        }

        return value;
    }
}
