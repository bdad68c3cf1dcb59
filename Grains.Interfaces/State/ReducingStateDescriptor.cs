using Millrace.DataStream.Folds;
using Millrace.Functions;

namespace Millrace.State;

/// <summary>A single value for each key, into which others are combined.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class ReducingStateDescriptor<T> : StateDescriptor
{
    /// <summary>Values combined by a function object.</summary>
    /// <param name="name">Unique within the operator.</param>
    /// <param name="function">Combines two values; must not change either.</param>
    public ReducingStateDescriptor(string name, IReduceFunction<T> function)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>Values combined by a delegate.</summary>
    /// <param name="name">Unique within the operator.</param>
    /// <param name="function">Combines two values; must not change either.</param>
    public ReducingStateDescriptor(string name, Func<T, T, T> function)
        : this(name, new DelegateReduce<T>(function ?? throw new ArgumentNullException(nameof(function))))
    {
    }

    /// <summary>Combines two values.</summary>
    public IReduceFunction<T> Function { get; }

    /// <inheritdoc/>
    public override string Description => $"a reduced value of {typeof(T)}";
}
