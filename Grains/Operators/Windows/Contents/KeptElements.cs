using Millrace.State;
using Millrace.Windowing;

namespace Millrace.Operators.Windows.Contents;

/// <summary>All that windows hold, one list for each. Belongs to one loop.</summary>
/// <param name="scope">Says which window is at work.</param>
/// <param name="name">Name of the state.</param>
internal sealed class KeptElements<T, TWindow>(NamespaceScope<TWindow> scope, string name)
    where TWindow : struct, IWindow
{
    private readonly IKeptList<T> _list = (IKeptList<T>)scope.States.Get(
        new ListStateDescriptor<T>(name), StateOwner.Operator);

    /// <summary>Whether the window at work holds nothing.</summary>
    public bool IsEmpty => _list.Count == 0;

    /// <summary>What the window at work holds. Valid until that changes.</summary>
    public IReadOnlyList<T> Elements => _list.Borrow() ?? [];

    public void Add(T element) => _list.Keep(element);

    public void Clear() => _list.Clear();

    /// <summary>Leaves those that an evictor has left.</summary>
    public void Replace(IEnumerable<T> elements)
    {
        T[] rest = [.. elements];
        _list.Clear();
        foreach (T element in rest)
        {
            _list.Keep(element);
        }
    }

    /// <summary>Appends what one window holds to what another does.</summary>
    public void Move(TWindow from, TWindow into)
    {
        scope.Set(in from);
        List<T>? moved = _list.Take();
        scope.Set(in into);
        foreach (T element in moved ?? [])
        {
            _list.Keep(element);
        }
    }
}
