// Sends the recording to the server, which measures it like any other video.

export async function send(recording, language, about, onProgress) {
  const address = `clip?${new URLSearchParams({ about: JSON.stringify(about), lang: language })}`;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Content-Type", recording.type.split(";")[0]);
    request.setRequestHeader("X-Hipcv-Film", "yes");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => (request.status === 201 ? resolve(request.response) : reject(new Error(request.response?.problem ?? "")));
    request.onerror = () => reject(new Error(""));
    request.send(recording);
  });
}
