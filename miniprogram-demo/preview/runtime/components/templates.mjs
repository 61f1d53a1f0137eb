// The templates of the built-in components; `h-NAME` is the browser's own element NAME. Beside keeping an event from the page,
// `catch` undoes what the browser would do with it: keys that are to be typed are bound.
export const TEMPLATES = {
  'wx/view': '<slot />',
  'wx/text': '<slot />',
  'wx/button': '<slot />',
  'wx/form': '<slot />',
  'wx/page-meta': '<slot />',
  'wx/image': '<h-img src="{{source}}" style="object-fit: {{fit}}" catch:load="onLoad" catch:error="onError" />',
  'wx/input': `<h-input
    type="{{password ? 'password' : 'text'}}" value="{{value}}" maxlength="{{maxlength}}" disabled="{{disabled}}" catch:input="onInput" catch:focus="onFocus" catch:blur="onBlur" bind:keydown="onKeydown" />
    <h-div hidden="{{value !== ''}}">{{placeholder}}</h-div>`,
}

export const NAMES = Object.keys(TEMPLATES).map((path) => path.slice('wx/'.length))
